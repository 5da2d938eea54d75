package io.farandole.bench;

import io.farandole.eventstore.JournalEntry;
import io.farandole.messaging.EventType;
import io.farandole.testservers.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Function;

/**
 * What it takes at least to store events: a table with the journal's columns, constraints and indexes, and one plain insert per
 * batch, committed; no locks and no functions. Used by one thread.
 */
final class RawRows implements AutoCloseable {

    private static final String INSERT =
            """
            insert into public.raw_journal (position, own, event_id, source, aggregate_type, aggregate_id, sequence,
                payload_type, payload_version, payload, process_key, correlation_id, wire_type, source_sequence, occurred_at)
            select nextval('public.raw_position'), o.own, e.event_id, 'bench', case when o.own then 'Bench' end,
                   e.aggregate_id, case when o.own then 0 end, ?, 1, e.payload, e.process_key, e.process_key, ?,
                   case when not o.own then 1 end, clock_timestamp()
              from unnest(?::text[], ?::text[], ?::text[], ?::text[]) as e (event_id, aggregate_id, payload, process_key),
                   (select ?::boolean as own) o
            """;

    private final Connection connection;
    private final PreparedStatement insert;

    /** Over a database in which {@link #createTable} was called. */
    RawRows(TestDatabase database) throws SQLException {
        connection = database.connectAsAdmin();
        connection.setAutoCommit(false);
        insert = connection.prepareStatement(INSERT);
    }

    /** Makes the table beside the journal that it resembles. */
    static void createTable(TestDatabase database) throws SQLException {
        try (Connection connection = database.connectAsAdmin();
                Statement statement = connection.createStatement()) {
            statement.execute("create table public.raw_journal (like farandole.journal including all)");
            statement.execute("create sequence public.raw_position");
        }
    }

    /** Inserts and commits; as own events, or as if they had been received. */
    void insert(EventType type, List<JournalEntry> events, boolean own) throws SQLException {
        insert.setString(1, type.name());
        insert.setString(2, type.wireType());
        texts(3, events, JournalEntry::eventId);
        texts(4, events, JournalEntry::aggregateId);
        texts(5, events, JournalEntry::payload);
        texts(6, events, JournalEntry::processKey);
        insert.setBoolean(7, own);
        insert.executeUpdate();
        connection.commit();
    }

    private void texts(int parameter, List<JournalEntry> events, Function<JournalEntry, Object> column)
            throws SQLException {
        insert.setArray(
                parameter,
                connection.createArrayOf("text", events.stream().map(column).toArray()));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
