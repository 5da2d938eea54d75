package io.farandole.bench.raw;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** A context's events: one statement per batch, whatever its length. Used by one thread. */
final class RawJournal implements AutoCloseable {

    private static final String TABLE =
            """
            create table journal (
                position bigserial primary key, own boolean not null, event_id text not null, source text not null,
                aggregate_id text, payload_type text not null, payload text not null, process_key text not null,
                correlation_id text, causation_id text, wire_type text, wire_payload text, occurred_at timestamptz not null,
                recorded_at timestamptz not null default clock_timestamp());
            create unique index journal_event_id on journal (source, event_id);
            create index journal_process_key on journal (process_key, position);
            """;

    private static final String INSERT =
            """
            insert into journal (own, event_id, source, aggregate_id, payload_type, payload, process_key, correlation_id,
                causation_id, wire_type, wire_payload, occurred_at)
            select %s, e.*
              from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                          ?::text[], ?::timestamptz[]) e
            """;

    private final Connection connection;
    private final PreparedStatement insertOwn;
    private final PreparedStatement insertReceived;

    RawJournal(String url, String user, String password, String moreTables) throws SQLException {
        connection = DriverManager.getConnection(url, user, password);
        try (Statement statement = connection.createStatement()) {
            boolean fresh;
            try (ResultSet found = statement.executeQuery("select to_regclass('journal') is null")) {
                found.next();
                fresh = found.getBoolean(1);
            }
            if (fresh) {
                statement.execute(TABLE + moreTables);
            }
            // Plans are kept, and are made while the tables are empty: without this they would be scans for ever.
            statement.execute("set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off");
        }
        connection.setAutoCommit(false);
        insertOwn = connection.prepareStatement(INSERT.formatted("true"));
        insertReceived = connection.prepareStatement(
                INSERT.formatted("false") + " on conflict (source, event_id) do nothing returning event_id");
    }

    Connection connection() {
        return connection;
    }

    /** Appends events of the context's own. */
    void append(List<RawEvent> events) throws SQLException {
        if (!events.isEmpty()) {
            bind(insertOwn, events);
            insertOwn.executeUpdate();
        }
    }

    /** Appends what was received; those that were not here before, each once. */
    List<RawEvent> receive(List<RawEvent> events) throws SQLException {
        bind(insertReceived, events);
        Set<String> fresh = new HashSet<>();
        try (ResultSet inserted = insertReceived.executeQuery()) {
            while (inserted.next()) {
                fresh.add(inserted.getString(1));
            }
        }
        List<RawEvent> first = new ArrayList<>();
        for (RawEvent event : events) {
            if (fresh.remove(event.id())) {
                first.add(event);
            }
        }
        return first;
    }

    private void bind(PreparedStatement insert, List<RawEvent> events) throws SQLException {
        int column = 1;
        List<Function<RawEvent, Object>> columns = List.of(
                RawEvent::id,
                RawEvent::source,
                RawEvent::processKey,
                RawEvent::type,
                RawEvent::body,
                RawEvent::processKey,
                RawEvent::correlationId,
                RawEvent::causationId);
        for (Function<RawEvent, Object> value : columns) {
            insert.setArray(
                    column++,
                    connection.createArrayOf("text", events.stream().map(value).toArray()));
        }
        Object[] types = new Object[events.size()];
        Object[] bodies = new Object[events.size()];
        Object[] times = new Object[events.size()];
        for (int i = 0; i < times.length; i++) {
            types[i] = events.get(i).wireType();
            bodies[i] = events.get(i).wireBody();
            times[i] = events.get(i).at().toString();
        }
        insert.setArray(column++, connection.createArrayOf("text", types));
        insert.setArray(column++, connection.createArrayOf("text", bodies));
        insert.setArray(column, connection.createArrayOf("timestamptz", times));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
