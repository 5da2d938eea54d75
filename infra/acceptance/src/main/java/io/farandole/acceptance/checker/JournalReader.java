package io.farandole.acceptance.checker;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads what a context's database holds, with plain JDBC, as any role that may read it. */
public final class JournalReader {

    private static final String ROWS =
            """
            select position, own, event_id, source, aggregate_id, sequence, payload_type, payload, process_key,
                   causation_id, wire_type, wire_payload, source_sequence
              from farandole.journal
             order by position
            """;

    private static final String OPEN =
            """
            select 'saga ' || saga_type, process_key from farandole.saga where ended_at is null
            union all
            select 'outside call ' || kind || ' (' || status || ')', process_key from farandole.outside_call
             where status <> 'DONE'
            union all
            select 'parked process of ' || processor || ' (' || status || ')', process_key from farandole.parked_process
            union all
            select 'step "' || step || '" (' || status || ') of the ended saga ' || saga_type, process_key from farandole.saga_step
             where saga_ended_at is not null and status in ('PENDING', 'COMPENSATING')
               and error is distinct from 'the saga was ended by a version that does not declare this step'
            """;

    private JournalReader() {}

    /** Every row of the journal, in order. */
    public static List<JournalRow> rows(Connection connection, String context) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ROWS);
                ResultSet result = statement.executeQuery()) {
            List<JournalRow> rows = new ArrayList<>();
            while (result.next()) {
                rows.add(new JournalRow(
                        context,
                        result.getLong("position"),
                        result.getBoolean("own"),
                        result.getString("event_id"),
                        result.getString("source"),
                        result.getString("aggregate_id"),
                        result.getObject("sequence", Long.class),
                        result.getString("payload_type"),
                        result.getString("payload"),
                        result.getString("process_key"),
                        result.getString("causation_id"),
                        result.getString("wire_type"),
                        result.getString("wire_payload"),
                        result.getObject("source_sequence", Long.class)));
            }
            return List.copyOf(rows);
        }
    }

    /** Sagas, outside calls and parked processes that have not ended. */
    public static List<Sources.OpenWork> openWork(Connection connection, String context) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(OPEN);
                ResultSet result = statement.executeQuery()) {
            List<Sources.OpenWork> open = new ArrayList<>();
            while (result.next()) {
                open.add(new Sources.OpenWork(context, result.getString(1), result.getString(2)));
            }
            return List.copyOf(open);
        }
    }
}
