package io.farandole.eventstore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The past of a journal, as one snapshot shows it: for questions, not for whoever follows the journal, since an event that commits later may
 * stand before one that was seen. Reading is all that it can do: it uses one connection of its own, in a read-only transaction that is
 * rolled back. A replica, or a role that may only read {@code farandole.journal}, will do. Thread-safe.
 */
public final class JournalHistory {

    private static final int FETCH = 500;

    private static final String OF_AGGREGATE = "select " + JournalStatements.COLUMNS + " from farandole.journal"
            + " where own and aggregate_id = ? and sequence >= ? order by sequence";

    private static final String OF_PROCESS = "select " + JournalStatements.COLUMNS + " from farandole.journal"
            + " where process_key = ? and position <= ? order by position limit ?";

    private final DataSource dataSource;
    private final JdbcTemplate translating;

    /** The history of the journal in a database. */
    public JournalHistory(DataSource dataSource) {
        this.dataSource = dataSource;
        this.translating = new JdbcTemplate(dataSource, true);
    }

    /**
     * Asks questions of one snapshot. The connection is taken for as long as that takes.
     *
     * @throws org.springframework.dao.DataAccessException if the database refuses or cannot be reached
     */
    public <T> T ask(Function<Snapshot, T> questions) {
        try (Connection connection = Journal.target(dataSource).getConnection();
                OneSnapshot snapshot = OneSnapshot.begin(connection)) {
            return questions.apply(new Snapshot(snapshot.connection()));
        } catch (SQLException e) {
            throw translated(e);
        }
    }

    /** A transaction that sees one state and writes nothing. The connection is afterwards as it was, unless it is broken. */
    private record OneSnapshot(Connection connection, boolean autoCommit, boolean readOnly, int isolation)
            implements AutoCloseable {

        static OneSnapshot begin(Connection connection) throws SQLException {
            OneSnapshot begun = new OneSnapshot(
                    connection,
                    connection.getAutoCommit(),
                    connection.isReadOnly(),
                    connection.getTransactionIsolation());
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            return begun;
        }

        @Override
        public void close() throws SQLException {
            connection.rollback();
            connection.setAutoCommit(autoCommit);
            connection.setTransactionIsolation(isolation);
            connection.setReadOnly(readOnly);
        }
    }

    private RuntimeException translated(SQLException e) {
        RuntimeException translated = translating.getExceptionTranslator().translate("history of the journal", null, e);
        return translated != null
                ? translated
                : new org.springframework.jdbc.UncategorizedSQLException("history of the journal", null, e);
    }

    /**
     * A process, as far as a period knows it.
     *
     * @param firstPosition of its first event in the period
     * @param since when its earliest event in the period occurred
     */
    public record ProcessInPeriod(String processKey, long firstPosition, Instant since) {}

    /** What one snapshot shows. Used by one thread, within {@link #ask}; rows are streamed, whatever their number. */
    public final class Snapshot {

        private final Connection connection;

        private Snapshot(Connection connection) {
            this.connection = connection;
        }

        /** An aggregate's own events from a sequence number on, in order, until one is not wanted any more. */
        public void ofAggregate(String aggregateId, long fromSequence, Predicate<JournalRow> goOn) {
            query(
                    OF_AGGREGATE,
                    statement -> {
                        statement.setString(1, aggregateId);
                        statement.setLong(2, fromSequence);
                    },
                    result -> goOn.test(JournalStatements.row(result)));
        }

        /** The last sequence number of an aggregate; empty if it has no events. */
        public Optional<Long> lastSequence(String aggregateId) {
            try {
                return Optional.ofNullable(JournalStatements.lastSequence(connection, aggregateId));
            } catch (SQLException e) {
                throw translated(e);
            }
        }

        /** The last sequence number that an aggregate had at a time, by the times of its events; empty if that was before its first event. */
        public Optional<Long> lastSequence(String aggregateId, Instant at) {
            Long[] last = new Long[1];
            query(
                    "select max(sequence) from farandole.journal"
                            + " where own and aggregate_id = ? and sequence >= 0 and occurred_at <= ?",
                    statement -> {
                        statement.setString(1, aggregateId);
                        time(statement, 2, at);
                    },
                    result -> {
                        last[0] = JournalStatements.nullableLong(result, 1);
                        return false;
                    });
            return Optional.ofNullable(last[0]);
        }

        /** The first events of a process, own and received, in order. */
        public List<JournalRow> ofProcess(String processKey, long upToPosition, int limit) {
            return rows(OF_PROCESS, statement -> {
                statement.setString(1, processKey);
                statement.setLong(2, upToPosition);
                statement.setInt(3, limit);
            });
        }

        /** The last position that there is; 0 if the journal is empty. */
        public long newest() {
            try {
                return JournalStatements.newest(connection);
            } catch (SQLException e) {
                throw translated(e);
            }
        }

        /**
         * The processes with an event that occurred in a period, by their first event in it, until one is not wanted any more.
         *
         * @param from the first moment that counts; null for the beginning
         * @param to the first moment that counts no more; null for the end
         */
        public void processes(@Nullable Instant from, @Nullable Instant to, Predicate<ProcessInPeriod> goOn) {
            query(
                    "select process_key, min(position), min(occurred_at) from farandole.journal"
                            + " where occurred_at >= coalesce(?, timestamptz '-infinity')"
                            + " and occurred_at < coalesce(?, timestamptz 'infinity') group by process_key order by 2",
                    statement -> {
                        time(statement, 1, from);
                        time(statement, 2, to);
                    },
                    result -> goOn.test(new ProcessInPeriod(
                            result.getString(1),
                            result.getLong(2),
                            result.getObject(3, OffsetDateTime.class).toInstant())));
        }

        private void time(PreparedStatement statement, int index, @Nullable Instant time) throws SQLException {
            if (time == null) {
                statement.setNull(index, java.sql.Types.TIMESTAMP_WITH_TIMEZONE);
            } else {
                statement.setObject(index, time.atOffset(ZoneOffset.UTC));
            }
        }

        private List<JournalRow> rows(String sql, Binding binding) {
            List<JournalRow> rows = new ArrayList<>();
            query(sql, binding, result -> rows.add(JournalStatements.row(result)));
            return rows;
        }

        /** By a cursor: the driver keeps a page of the answer in memory, and several questions may be open at once. */
        private void query(String sql, Binding binding, Reading reading) {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setFetchSize(FETCH);
                binding.bind(statement);
                try (ResultSet result = statement.executeQuery()) {
                    boolean wanted = true;
                    while (wanted && result.next()) {
                        wanted = reading.read(result);
                    }
                }
            } catch (SQLException e) {
                throw translated(e);
            }
        }
    }

    @FunctionalInterface
    private interface Binding {
        void bind(PreparedStatement statement) throws SQLException;
    }

    @FunctionalInterface
    private interface Reading {
        boolean read(ResultSet result) throws SQLException;
    }
}
