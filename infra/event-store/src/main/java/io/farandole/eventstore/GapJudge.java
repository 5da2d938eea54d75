package io.farandole.eventstore;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which gaps of the journal are dead, by the rule that {@code V1_0__journal.sql} states and argues at
 * {@code farandole.appenders()}.
 *
 * <p>What it knows is true for every reader of the database, so all readers of a JVM share one judge: a gap at or below
 * {@link #settled} that is still a gap in a snapshot taken <em>after</em> that value was read is a gap for ever.
 *
 * <p>Thread-safe.
 */
final class GapJudge {

    private volatile long settled;

    /** Gaps up to here are dead once all suspects are gone; guarded by this. */
    private long horizon;

    /** The transactions that may still fill a gap up to the horizon; null while no question is open; guarded by this. */
    private @Nullable Set<String> suspects;

    /** Read this first, then take the snapshot, then judge its gaps. */
    long settled() {
        return settled;
    }

    /**
     * Pursues the question whether the gaps below a visible position are dead: notes who may still fill them, or sees
     * whether those who were noted are gone.
     *
     * @param connection outside of any transaction
     * @param seen a position that was visible before this call
     * @return the new {@link #settled}
     */
    synchronized long pursue(Connection connection, long seen) throws SQLException {
        Set<String> appenders = JournalStatements.appenders(connection);
        if (suspects != null) {
            suspects.retainAll(appenders);
            if (suspects.isEmpty()) {
                settled = Math.max(settled, horizon);
                suspects = null;
            }
        }
        if (suspects == null && seen > settled) {
            if (appenders.isEmpty()) {
                settled = seen;
            } else {
                horizon = seen;
                suspects = appenders;
            }
        }
        return settled;
    }
}
