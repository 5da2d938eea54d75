package io.farandole.audit.reconcile;

import java.time.Instant;
import java.util.List;

/**
 * What a context's books say.
 *
 * @param entry what they are about, such as an order id
 * @param account such as {@code paid EUR}
 * @param amount in the account's smallest unit
 * @param at when this was settled last
 * @param processes the processes that it came from
 */
public record Statement(String entry, String account, long amount, Instant at, List<String> processes) {

    public Statement {
        processes = List.copyOf(processes);
    }
}
