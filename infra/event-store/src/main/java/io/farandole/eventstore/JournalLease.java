package io.farandole.eventstore;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;
import io.farandole.messaging.Outbox;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The exclusive right to relay, held by a database session. Used by one thread at a time. */
final class JournalLease implements Outbox.Lease {

    private static final Logger log = LoggerFactory.getLogger(JournalLease.class);

    /** The second key beside the journal's own lock space; see {@code farandole.appenders()}. */
    private static final String TRY_LOCK = "select pg_try_advisory_lock(1178686318, 3)";

    private static final String UNLOCK = "select pg_advisory_unlock(1178686318, 3)";

    /**
     * The server ends the session, and with it the lock, soon after the holder's machine or network is gone, instead of
     * after two hours.
     */
    private static final String KEEP_ALIVE =
            "set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3";

    private static final String NO_KEEP_ALIVE =
            "reset tcp_keepalives_idle; reset tcp_keepalives_interval; reset tcp_keepalives_count";

    private static final String NEW_TERM = "update farandole.relay_position set term = term + 1, holder = ?,"
            + " saved_at = clock_timestamp() where singleton returning term, position";

    private static final String SAVE = "update farandole.relay_position set position = greatest(position, ?),"
            + " saved_at = clock_timestamp() where singleton and term = ?";

    private static final String STILL_MINE = "select term from farandole.relay_position where singleton";

    private static final int NETWORK_TIMEOUT_MILLIS = 15_000;
    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Journal journal;
    private final Connection connection;
    private final int networkTimeout;
    private final long term;
    private long position;
    private long checked = System.nanoTime();
    private boolean lost;
    private boolean closed;

    private JournalLease(Journal journal, Connection connection, int networkTimeout, long term, long position) {
        this.journal = journal;
        this.connection = connection;
        this.networkTimeout = networkTimeout;
        this.term = term;
        this.position = position;
    }

    static Optional<JournalLease> acquire(Journal journal, String holder) {
        Connection connection = null;
        try {
            connection = journal.dedicatedConnection();
            int networkTimeout = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, NETWORK_TIMEOUT_MILLIS);
            if (!truth(connection, TRY_LOCK)) {
                connection.setNetworkTimeout(Runnable::run, networkTimeout);
                connection.close();
                return Optional.empty();
            }
            execute(connection, KEEP_ALIVE);
            try (PreparedStatement statement = connection.prepareStatement(NEW_TERM)) {
                statement.setString(1, holder);
                try (ResultSet result = statement.executeQuery()) {
                    if (!result.next()) {
                        throw new IllegalStateException(
                                "farandole.relay_position is empty: its one row was removed by hand."
                                        + " Insert it again with the position up to which everything has been published");
                    }
                    return Optional.of(new JournalLease(
                            journal, connection, networkTimeout, result.getLong(1), result.getLong(2)));
                }
            }
        } catch (SQLException e) {
            abort(connection);
            throw journal.translated(e);
        } catch (RuntimeException e) {
            abort(connection);
            throw e;
        }
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public Outbox.Batch read(long after, int limit) {
        check();
        List<Envelope> events = new ArrayList<>(Math.min(limit, 64));
        long upTo = after;
        while (events.size() < limit) {
            List<TailRows.Slot> slots = journal.tail().after(upTo, limit);
            if (slots == null) {
                long caughtUp = catchUp(upTo, limit - events.size(), events);
                if (caughtUp == upTo) {
                    break;
                }
                upTo = caughtUp;
            } else {
                for (TailRows.Slot slot : slots) {
                    if (events.size() < limit) {
                        upTo = slot.row().position();
                        add(events, slot.row());
                    }
                }
                if (slots.size() < limit) {
                    break;
                }
            }
        }
        return new Outbox.Batch(events, upTo);
    }

    /** Reads what has left the tail's memory, or is not in it yet; returns how far that went. */
    private long catchUp(long after, int limit, List<Envelope> events) {
        long settled = journal.settled();
        if (after < settled) {
            List<JournalRow> rows = journal.readPublished(after, settled, limit);
            rows.forEach(row -> add(events, row));
            return rows.size() < limit ? settled : rows.get(rows.size() - 1).position();
        }
        JournalPage page = journal.read(after, limit);
        page.rows().forEach(row -> add(events, row));
        return page.upTo();
    }

    private static void add(List<Envelope> events, JournalRow row) {
        String wireType = row.wireType();
        if (!row.own() || wireType == null) {
            return;
        }
        String published = row.wirePayload();
        events.add(new Envelope(
                row.eventId(),
                row.source(),
                EventType.parse(wireType),
                row.aggregateId(),
                row.occurredAt(),
                row.processKey(),
                row.position(),
                row.correlationId(),
                row.causationId(),
                row.traceparent(),
                row.keyId(),
                published == null ? row.payload() : published));
    }

    @Override
    public void save(long newPosition) {
        if (closed || lost) {
            throw lost(null);
        }
        try (PreparedStatement statement = connection.prepareStatement(SAVE)) {
            statement.setLong(1, newPosition);
            statement.setLong(2, term);
            if (statement.executeUpdate() == 0) {
                throw lost(null);
            }
            position = Math.max(position, newPosition);
            checked = System.nanoTime();
        } catch (SQLException e) {
            throw lost(e);
        }
    }

    /** Notices now and then that the session is gone, also while there is nothing to save. */
    private void check() {
        if (closed || lost) {
            throw lost(null);
        }
        if (System.nanoTime() - checked < CHECK_NANOS) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(STILL_MINE);
                ResultSet result = statement.executeQuery()) {
            if (!result.next() || result.getLong(1) != term) {
                throw lost(null);
            }
            checked = System.nanoTime();
        } catch (SQLException e) {
            throw lost(e);
        }
    }

    private IllegalStateException lost(@Nullable SQLException cause) {
        lost = true;
        return new IllegalStateException(
                "The right to relay for " + journal.context() + " (term " + term
                        + ") is lost: its database session ended, or another instance took over. Acquire it again",
                cause);
    }

    /** {@inheritDoc} A session whose state is uncertain is not given back to the pool, but ended. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (lost) {
            abort(connection);
            return;
        }
        try {
            truth(connection, UNLOCK);
            execute(connection, NO_KEEP_ALIVE);
            connection.setNetworkTimeout(Runnable::run, networkTimeout);
            connection.close();
        } catch (SQLException e) {
            log.debug("The right to relay was lost before it was given back", e);
            abort(connection);
        }
    }

    private static void abort(@Nullable Connection connection) {
        if (connection == null) {
            return;
        }
        try {
            connection.abort(Runnable::run);
            connection.close();
        } catch (SQLException e) {
            log.debug("A connection that is of no use any more could not be closed", e);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static boolean truth(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getBoolean(1);
        }
    }
}
