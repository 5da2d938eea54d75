package io.farandole.acceptance.checker;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.saga.step.StepView;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The same checks over real journals: what is read as the runtime role is what was written. */
class JournalReaderIT {

    private static final String INSERT =
            """
            insert into farandole.journal (position, own, event_id, source, aggregate_id, sequence, payload_type,
                payload_version, payload, process_key, causation_id, wire_type, wire_payload, source_sequence, occurred_at)
            values (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, now())
            """;

    @Test
    void checksThreeRealJournals() throws SQLException {
        SyntheticShop shop = new SyntheticShop();
        Map<String, TestDatabase> databases = new LinkedHashMap<>();
        try {
            for (String context : ShopAddresses.CONTEXTS) {
                TestDatabase database = PostgresServer.shared().createDatabase(context);
                databases.put(context, database);
                migrate(database);
                write(database, shop.rows(context));
            }
            assertThat(read(databases)).isEqualTo(shop.journals);
            assertThat(Checker.check(Sources.of(read(databases)))).isEmpty();

            execute(
                    database(databases, "payment"),
                    "delete from farandole.journal where not own and wire_type = 'order.order-confirmed.v1'"
                            + " and process_key = 'sale-1'");
            execute(
                    database(databases, "stock"),
                    "insert into farandole.saga (saga_type, process_key, state, state_version, version) values ('S', 'sale-2', '{}', 1, 1)");
            assertThat(Checker.check(Sources.of(read(databases))))
                    .singleElement()
                    .satisfies(it -> assertThat(it.toString()).startsWith("I3 sale-1: payment never received"));
            execute(
                    database(databases, "stock"),
                    """
                    insert into farandole.saga (saga_type, process_key, state, state_version, version, ended_at, steps)
                    values ('S', 'sale-3', '{}', 1, 1, now(), '[{"step": "pack", "status": "PENDING"}]'),
                           ('S', 'sale-4', '{}', 1, 1, now(), '[{"step": "wrap", "status": "PENDING", "error": "%s"}]')
                    """
                            .formatted(StepView.NOT_FOLLOWED));
            try (Connection connection = database(databases, "stock").connectAsApp()) {
                assertThat(JournalReader.openWork(connection, "stock"))
                        .as("a step that nobody could follow is not awaited, any other is")
                        .containsExactlyInAnyOrder(
                                new Sources.OpenWork("stock", "saga S", "sale-2"),
                                new Sources.OpenWork("stock", "step \"pack\" (PENDING) of the ended saga S", "sale-3"));
            }
        } finally {
            databases.values().forEach(TestDatabase::close);
        }
    }

    private static Map<String, List<JournalRow>> read(Map<String, TestDatabase> databases) throws SQLException {
        Map<String, List<JournalRow>> journals = new LinkedHashMap<>();
        for (Map.Entry<String, TestDatabase> entry : databases.entrySet()) {
            try (Connection connection = entry.getValue().connectAsApp()) {
                journals.put(entry.getKey(), JournalReader.rows(connection, entry.getKey()));
            }
        }
        return journals;
    }

    private static TestDatabase database(Map<String, TestDatabase> databases, String context) {
        TestDatabase database = databases.get(context);
        if (database == null) {
            throw new IllegalArgumentException(context);
        }
        return database;
    }

    private static void migrate(TestDatabase database) {
        database.migrate();
    }

    private static void write(TestDatabase database, List<JournalRow> rows) throws SQLException {
        try (Connection connection = database.adminDataSource().getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (JournalRow row : rows) {
                Object[] values = {
                    row.position(),
                    row.own(),
                    row.eventId(),
                    row.source(),
                    row.aggregateId(),
                    row.sequence(),
                    row.payloadType(),
                    row.payload(),
                    row.processKey(),
                    row.causationId(),
                    row.wireType(),
                    row.wirePayload(),
                    row.sourceSequence()
                };
                for (int i = 0; i < values.length; i++) {
                    insert.setObject(i + 1, values[i]);
                }
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void execute(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.adminDataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
