package io.farandole.eventstore;

import io.farandole.messaging.failpoint.Failpoint;
import javax.sql.DataSource;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What a unit of work writes at its end, written in one {@link RoundTrip}: events, sagas, the token of the batch. Nobody needs their
 * results before the commit; a failure rolls the unit of work back, then as before.
 *
 * <p>Why nothing is left out. A statement is kept back only while the root unit of work is before its commit phase. Handlers of
 * that phase run in the opposite order of their registration, and the one that ends the transaction was registered when
 * the unit of work began: so the one that is registered here, later, has the statements executed before. In any other place a
 * statement is executed at once. A unit of work that is rolled back keeps nothing, as its transaction does not.
 */
public final class LastStatements {

    private final JdbcTemplate jdbc;
    private final UnitOfWork<?> root;
    private RoundTrip waiting;

    private LastStatements(JdbcTemplate jdbc, UnitOfWork<?> root) {
        this.jdbc = jdbc;
        this.root = root;
        this.waiting = new RoundTrip(jdbc);
    }

    /**
     * Has a statement executed right before the current unit of work commits, with others; at once if there is none, or if it is
     * committing already.
     *
     * @param jdbc over the data source whose transaction the unit of work commits
     */
    public static void add(JdbcTemplate jdbc, RoundTrip.Statement statement) {
        UnitOfWork<?> root =
                CurrentUnitOfWork.isStarted() ? CurrentUnitOfWork.get().root() : null;
        if (root == null || !root.phase().isBefore(UnitOfWork.Phase.COMMIT)) {
            RoundTrip alone = new RoundTrip(jdbc);
            alone.add(statement);
            alone.execute();
            return;
        }
        of(jdbc, root).add(statement);
    }

    private static LastStatements of(JdbcTemplate jdbc, UnitOfWork<?> root) {
        @Nullable DataSource dataSource = jdbc.getDataSource();
        String resource = LastStatements.class.getName() + System.identityHashCode(dataSource);
        return root.getOrComputeResource(resource, name -> new LastStatements(jdbc, root));
    }

    private void add(RoundTrip.Statement statement) {
        if (waiting.isEmpty()) {
            root.onCommit(unit -> execute());
            root.afterCommit(unit -> Failpoint.UNIT_COMMITTED.reached());
        }
        waiting.add(statement);
    }

    private void execute() {
        RoundTrip last = waiting;
        waiting = new RoundTrip(jdbc);
        Failpoint.UNIT_WRITING.reached();
        last.execute();
        Failpoint.UNIT_WRITTEN.reached();
    }
}
