package io.farandole.acceptance.checker;

import java.util.ArrayList;
import java.util.List;

/**
 * Computes the invariants of a choreography at rest: money (I1), stock (I2), no loss (I3), no doubled effect (I4), order
 * (I5), relay (I6), ends of sagas (I7), readable orders (I8), and nothing left to do (I10).
 *
 * <p>It shares no code with the contexts: it reads rows and JSON, and knows the published language by name. Give it a system
 * that has come to rest; while orders flow, balances and ends are not there yet.
 */
public final class Checker {

    private Checker() {}

    /**
     * Checks everything.
     *
     * @return what is wrong, by invariant; empty if all is well
     */
    public static List<Violation> check(Sources sources) {
        Books books = Books.of(sources);
        List<Violation> violations = new ArrayList<>();
        MoneyCheck.run(sources, books, violations::add);
        StockCheck.run(sources, books, violations::add);
        TransportCheck.run(sources, violations::add);
        EffectCheck.run(sources, violations::add);
        EndCheck.run(sources, books, violations::add);
        return List.copyOf(violations);
    }
}
