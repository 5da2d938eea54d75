package io.farandole.eventstore;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.Inbox;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The journal's SQL, one round trip per method, on a connection given by the caller. Stateless. */
final class JournalStatements {

    static final String COLUMNS = "position, own, event_id, source, aggregate_type, aggregate_id, sequence,"
            + " payload_type, payload_version, payload, metadata, process_key, correlation_id, causation_id, traceparent,"
            + " wire_type, wire_payload, source_sequence, key_id, occurred_at";

    private static final String APPEND_RECEIVED =
            "select * from farandole.append_received_at(" + "?, ".repeat(13) + "?)";

    private static final String READ = "select " + COLUMNS + " from farandole.read_journal(?, ?)";

    /** The upper bound is settled, so what is published below it is complete; the partial index holds nothing else. */
    private static final String READ_PUBLISHED = "select " + COLUMNS + " from farandole.journal"
            + " where own and wire_type is not null and position > ? and position <= ? order by position limit ?";

    private static final String READ_AGGREGATE = "select " + COLUMNS + " from farandole.journal"
            + " where own and aggregate_id = ? and sequence >= ? order by sequence limit ?";

    private static final String READ_AFTER_SNAPSHOT = "select " + COLUMNS + " from farandole.journal"
            + " where own and aggregate_id = ? and sequence >= coalesce((select s.sequence + 1 from farandole.snapshot s"
            + " where s.aggregate_id = ?), 0) order by sequence limit ?";

    private static final String LAST_SEQUENCE =
            "select max(sequence) from farandole.journal where own and aggregate_id = ? and sequence >= 0";

    private static final String CHANGED = "select * from farandole.changed_aggregates(?, ?)";

    private static final String NEWEST = "select coalesce(max(position), 0) from farandole.journal";

    private static final String FIRST_SINCE = "select min(position) from farandole.journal where occurred_at >= ?";

    private static final String APPENDERS = "select * from farandole.appenders()";

    private JournalStatements() {}

    static ReceivedBatch appendReceived(Connection connection, List<Envelope> batch) throws SQLException {
        Arrays arrays = new Arrays(connection, 0);
        try (PreparedStatement statement = connection.prepareStatement(APPEND_RECEIVED)) {
            arrays.text(statement, 1, batch, Envelope::id);
            arrays.text(statement, 2, batch, Envelope::source);
            arrays.text(statement, 3, batch, Envelope::subject);
            arrays.text(statement, 4, batch, e -> e.type().name());
            arrays.integer(statement, 5, batch, e -> e.type().version());
            arrays.text(statement, 6, batch, Envelope::body);
            arrays.text(statement, 7, batch, Envelope::processKey);
            arrays.text(statement, 8, batch, Envelope::correlationId);
            arrays.text(statement, 9, batch, Envelope::causationId);
            arrays.text(statement, 10, batch, Envelope::traceparent);
            arrays.text(statement, 11, batch, e -> e.type().wireType());
            arrays.bigint(statement, 12, batch, Envelope::sequence);
            arrays.text(statement, 13, batch, Envelope::keyId);
            arrays.bigint(statement, 14, batch, e -> Appended.micros(e.time()));
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                Inbox.Receipt receipt = new Inbox.Receipt(result.getInt(1), result.getInt(2), List.of((String[])
                        result.getArray(3).getArray()));
                return new ReceivedBatch(
                        receipt, Appended.received(batch, receipt.appended(), result.getLong(4), result.getLong(5)));
            }
        }
    }

    /** What to answer, and what to tell the tail. */
    record ReceivedBatch(Inbox.Receipt receipt, Appended appended) {}

    static List<JournalRow> read(Connection connection, long after, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setLong(1, after);
            statement.setInt(2, limit);
            return rows(statement, limit);
        }
    }

    static List<JournalRow> readWhere(Connection connection, String condition, List<?> parameters, int limit)
            throws SQLException {
        String sql =
                "select " + COLUMNS + " from farandole.journal j where " + condition + " order by position limit ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int index = 0;
            for (Object parameter : parameters) {
                statement.setObject(++index, parameter);
            }
            statement.setInt(++index, limit);
            return rows(statement, limit);
        }
    }

    static List<JournalRow> readPublished(Connection connection, long after, long upTo, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ_PUBLISHED)) {
            statement.setLong(1, after);
            statement.setLong(2, upTo);
            statement.setInt(3, limit);
            return rows(statement, limit);
        }
    }

    static List<JournalRow> readAggregate(Connection connection, String aggregateId, long firstSequence, int limit)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ_AGGREGATE)) {
            statement.setString(1, aggregateId);
            statement.setLong(2, firstSequence);
            statement.setInt(3, limit);
            return rows(statement, Math.min(limit, 16));
        }
    }

    /** Reads an aggregate's events behind its snapshot, or all if it has none. */
    static RoundTrip.Statement readingAfterSnapshot(String aggregateId, int limit, List<JournalRow> found) {
        return new RoundTrip.Statement() {
            @Override
            public String sql() {
                return READ_AFTER_SNAPSHOT;
            }

            @Override
            public int bind(PreparedStatement statement, int before) throws SQLException {
                statement.setString(before + 1, aggregateId);
                statement.setString(before + 2, aggregateId);
                statement.setInt(before + 3, limit);
                return before + 3;
            }

            @Override
            public void rows(ResultSet rows) throws SQLException {
                while (rows.next()) {
                    found.add(row(rows));
                }
            }
        };
    }

    static @Nullable Long lastSequence(Connection connection, String aggregateId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LAST_SEQUENCE)) {
            statement.setString(1, aggregateId);
            return optionalLong(statement);
        }
    }

    /** Those of these aggregates that have events after the given sequence number. */
    static Set<String> changed(Connection connection, Map<String, Long> sequences) throws SQLException {
        List<Map.Entry<String, Long>> known = List.copyOf(sequences.entrySet());
        Arrays arrays = new Arrays(connection, 0);
        try (PreparedStatement statement = connection.prepareStatement(CHANGED)) {
            arrays.text(statement, 1, known, Map.Entry::getKey);
            arrays.bigint(statement, 2, known, Map.Entry::getValue);
            return texts(statement);
        }
    }

    /** The highest position that is visible, which need not be settled. */
    static long newest(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NEWEST)) {
            Long newest = optionalLong(statement);
            return newest == null ? 0 : newest;
        }
    }

    static @Nullable Long firstSince(Connection connection, Instant time) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIRST_SINCE)) {
            statement.setObject(1, time.atOffset(java.time.ZoneOffset.UTC));
            return optionalLong(statement);
        }
    }

    /** The virtual transactions that may be appending. */
    static Set<String> appenders(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(APPENDERS)) {
            return texts(statement);
        }
    }

    private static Set<String> texts(PreparedStatement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery()) {
            Set<String> texts = new HashSet<>();
            while (result.next()) {
                texts.add(result.getString(1));
            }
            return texts;
        }
    }

    private static @Nullable Long optionalLong(PreparedStatement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery()) {
            result.next();
            long value = result.getLong(1);
            return result.wasNull() ? null : value;
        }
    }

    private static List<JournalRow> rows(PreparedStatement statement, int expected) throws SQLException {
        try (ResultSet result = statement.executeQuery()) {
            List<JournalRow> rows = new ArrayList<>(Math.min(expected, 64));
            while (result.next()) {
                rows.add(row(result));
            }
            return rows;
        }
    }

    static JournalRow row(ResultSet result) throws SQLException {
        return new JournalRow(
                result.getLong(1),
                result.getBoolean(2),
                result.getString(3),
                result.getString(4),
                result.getString(5),
                result.getString(6),
                nullableLong(result, 7),
                result.getString(8),
                result.getInt(9),
                result.getString(10),
                result.getString(11),
                result.getString(12),
                result.getString(13),
                result.getString(14),
                result.getString(15),
                result.getString(16),
                result.getString(17),
                nullableLong(result, 18),
                result.getString(19),
                result.getObject(20, OffsetDateTime.class).toInstant());
    }

    static @Nullable Long nullableLong(ResultSet result, int column) throws SQLException {
        long value = result.getLong(column);
        return result.wasNull() ? null : value;
    }
}
