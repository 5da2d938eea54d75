package io.farandole.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.Headers;
import io.farandole.messaging.Inbox;
import io.farandole.testservers.Patience;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class JournalAppendIT {

    private static JournalDatabase database;
    private Journal journal;
    private JournalEventStorageEngine engine;

    @BeforeAll
    static void open() {
        database = JournalDatabase.create("append");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void begin() {
        database.empty();
        journal = new Journal(database.pool(), JournalSettings.of("order"));
        engine = JournalEventStorageEngine.builder()
                .journal(journal)
                .serializer(RegistrySerializer.of(Sample.types()))
                .publications(Sample.publications())
                .build();
    }

    @Test
    void storesPrivateAndPublishedFormAndWhatTravelsBeside() {
        DomainEventMessage<?> event = Sample.placed("o-1", 0)
                .withMetaData(MetaData.with(Headers.CORRELATION_ID, "c-1")
                        .and(Headers.CAUSATION_ID, "m-1")
                        .and(Headers.TRACEPARENT, "00-x-y-01")
                        .and(Headers.PROCESS_KEY, "p-1")
                        .and(Headers.SOURCE, "stock")
                        .and("user", "anna"));

        engine.appendEvents(event);

        JournalRow row = journal.read(0, 10).rows().get(0);
        assertThat(row.own()).isTrue();
        assertThat(row.source()).isEqualTo("order");
        assertThat(row.payload()).isEqualTo("{\"orderId\":\"o-1\",\"total\":1990,\"note\":\"private\"}");
        assertThat(row.wireType()).isEqualTo("order.placed.v1");
        assertThat(row.wirePayload()).isEqualTo("{\"orderId\":\"o-1\",\"total\":1990}");
        assertThat(row.processKey()).isEqualTo("p-1");
        assertThat(row.correlationId()).isEqualTo("c-1");
        assertThat(row.causationId()).isEqualTo("m-1");
        assertThat(row.traceparent()).isEqualTo("00-x-y-01");
        assertThat(row.metadata()).isEqualTo("{\"user\":\"anna\"}");
        assertThat(engine.readEvents("o-1").next().getMetaData())
                .containsEntry(Headers.PROCESS_KEY, "p-1")
                .containsEntry(Headers.CORRELATION_ID, "c-1")
                .containsEntry("user", "anna")
                .doesNotContainKey(Headers.SOURCE);
    }

    @Test
    void refusesWhatCouldNeverBePublished() {
        String tooLong = "o".repeat(1025);

        assertThatThrownBy(() -> engine.appendEvents(Sample.placed("o-1", 0), Sample.placed(tooLong, 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("order.placed.v1")
                .hasMessageContaining("longer than 1024 bytes");
        assertThat(journal.read(0, 10).rows()).isEmpty();
    }

    @Test
    void storesThePublishedFormOnceWhereItEqualsThePrivateOne() {
        engine.appendEvents(new GenericDomainEventMessage<>("Order", "o-1", 0, new Sample.OrderCancelled("o-1")));

        JournalRow row = journal.read(0, 10).rows().get(0);
        assertThat(row.wireType()).isEqualTo("order.cancelled.v2");
        assertThat(row.wirePayload()).isNull();
        assertThat(row.published()).isTrue();
    }

    @Test
    void takesTheProcessKeyFromTheEventElseTheMetadataElseTheAggregate() {
        engine.appendEvents(
                new GenericDomainEventMessage<>(
                        "Order",
                        "o-1",
                        0,
                        new Sample.OrderCancelled("from-event"),
                        MetaData.with(Headers.PROCESS_KEY, "from-metadata")),
                Sample.placed("o-1", 1).withMetaData(MetaData.with(Headers.PROCESS_KEY, "from-metadata")),
                Sample.placed("o-1", 2));

        assertThat(journal.read(0, 10).rows())
                .extracting(JournalRow::processKey)
                .containsExactly("from-event", "from-metadata", "o-1");
    }

    @Test
    void appendsManyEventsInTheirOrder() {
        List<JournalEntry> entries = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            entries.add(Sample.entry("o-" + i % 7, i / 7));
        }

        long last = journal.appendOwn(entries);

        assertThat(last).isEqualTo(500);
        assertThat(journal.read(0, 1000).rows())
                .extracting(JournalRow::eventId)
                .containsExactlyElementsOf(
                        entries.stream().map(JournalEntry::eventId).toList());
    }

    @Test
    void namesAggregateAndSequenceThatAreTaken() {
        engine.appendEvents(Sample.placed("o, (1)", 0), Sample.placed("o, (1)", 1));

        assertThatThrownBy(() -> engine.appendEvents(Sample.placed("o-2", 0), Sample.placed("o, (1)", 1)))
                .isInstanceOf(ConcurrencyException.class)
                .hasMessageContaining("[o, (1)]")
                .hasMessageContaining("[1]");
        assertThatThrownBy(() -> engine.appendEvents(Sample.placed("o-2", 0), Sample.placed("o, (1)", 0)))
                .isInstanceOf(AggregateStreamCreationException.class)
                .hasMessageContaining("[o, (1)]");
        assertThat(engine.lastSequenceNumberFor("o-2")).isEmpty();
    }

    @Test
    void refusesAnIdThatAnAggregateOfAnotherTypeHas() {
        engine.appendEvents(Sample.placed("o-1", 0));

        assertThatThrownBy(() -> engine.appendEvents(
                        new GenericDomainEventMessage<>("Invoice", "o-1", 0, new Sample.OrderPlaced("o-1", 1, ""))))
                .isInstanceOf(AggregateStreamCreationException.class);
    }

    @Test
    void letsOneOfTwoConcurrentAppendsOfTheSameSequenceWin() throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(8);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Boolean>> results = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                results.add(threads.submit(() -> {
                    barrier.await(Patience.SECONDS, TimeUnit.SECONDS);
                    try {
                        engine.appendEvents(Sample.placed("o-1", 5));
                        return true;
                    } catch (ConcurrencyException e) {
                        return false;
                    }
                }));
            }
            int won = 0;
            for (Future<Boolean> result : results) {
                won += result.get(Patience.SECONDS, TimeUnit.SECONDS) ? 1 : 0;
            }
            assertThat(won).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
        assertThat(journal.read(0, 10).rows()).hasSize(1);
    }

    @Test
    void joinsTheCurrentTransaction() {
        TransactionTemplate transactions = new TransactionTemplate(new DataSourceTransactionManager(database.pool()));

        transactions.executeWithoutResult(status -> {
            journal.appendOwn(List.of(Sample.entry("o-1", 0)));
            journal.appendReceived(List.of(Sample.envelope("e-1", "{}")));
            assertThat(engine.readEvents("o-1").hasNext())
                    .as("its own appends are visible")
                    .isTrue();
            status.setRollbackOnly();
        });

        assertThat(journal.read(0, 10).rows()).isEmpty();
        journal.appendOwn(List.of(Sample.entry("o-1", 0)));
        assertThat(journal.read(0, 10).rows()).hasSize(1);
    }

    @Test
    void keepsTimesToTheMicrosecond() {
        Instant farFuture = Instant.parse("2199-12-31T23:59:59.999999Z");
        journal.appendOwn(List.of(
                JournalEntry.of("e-1", Sample.PLACED, "{}", "p", farFuture),
                JournalEntry.of("e-2", Sample.PLACED, "{}", "p", Instant.parse("1905-01-01T00:00:00.000001Z")),
                JournalEntry.of("e-3", Sample.PLACED, "{}", "p", Sample.NOON)));

        assertThat(journal.read(0, 10).rows())
                .extracting(JournalRow::occurredAt)
                .containsExactly(farFuture, Instant.parse("1905-01-01T00:00:00.000001Z"), Sample.NOON);
    }

    @Test
    void storesAReceivedEventOnceAndTellsDuplicatesFromConflicts() {
        JournalInbox inbox = new JournalInbox(journal);

        assertThat(inbox.append(List.of(Sample.envelope("e-1", "{\"a\":1}"), Sample.envelope("e-2", "{\"a\":2}"))))
                .isEqualTo(new Inbox.Receipt(2, 0, List.of()));
        assertThat(inbox.append(List.of(
                        Sample.envelope("e-1", "{\"a\":1}"),
                        Sample.envelope("e-2", "{\"a\":666}"),
                        Sample.envelope("e-3", "{\"a\":3}"),
                        Sample.envelope("e-3", "{\"a\":3}"))))
                .isEqualTo(new Inbox.Receipt(1, 2, List.of("e-2")));
        assertThat(inbox.append(List.of())).isEqualTo(new Inbox.Receipt(0, 0, List.of()));

        List<JournalRow> rows = journal.read(0, 10).rows();
        assertThat(rows).extracting(JournalRow::payload).containsExactly("{\"a\":1}", "{\"a\":2}", "{\"a\":3}");
        JournalRow row = rows.get(0);
        assertThat(row.own()).isFalse();
        assertThat(row.source()).isEqualTo("stock");
        assertThat(row.sourceSequence()).isEqualTo(7);
        assertThat(row.wireType()).isEqualTo("stock.stock-reserved.v1");
        assertThat(row.published()).as("received, so not to be published again").isFalse();
    }

    @Test
    void countsTheSameIdUnderAnotherTypeAsAConflict() {
        journal.appendReceived(List.of(Sample.envelope("e-1", "{}")));
        Envelope first = Sample.envelope("e-1", "{}");

        Inbox.Receipt receipt = journal.appendReceived(List.of(new Envelope(
                first.id(),
                first.source(),
                new io.farandole.messaging.EventType("stock.stock-released", 1),
                first.subject(),
                first.time(),
                first.processKey(),
                first.sequence(),
                null,
                null,
                null,
                null,
                first.body())));

        assertThat(receipt.conflicts()).containsExactly("e-1");
    }

    @Test
    void keepsAReceivedEventApartFromAnAggregateOfTheSameId() {
        Envelope about = Sample.envelope("e-1", "{}");
        journal.appendReceived(List.of(about));

        engine.appendEvents(Sample.placed("r-1", 0));

        assertThat(about.subject()).isEqualTo("r-1");
        assertThat(engine.readEvents("r-1").asStream()).hasSize(1);
        assertThat(engine.lastSequenceNumberFor("r-1")).contains(0L);
    }

    @ParameterizedTest
    @ValueSource(ints = {4})
    void storesEachReceivedEventOnceUnderConcurrentReceivers(int receivers) throws Exception {
        List<Envelope> all = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            all.add(Sample.envelope("e-" + i, "{\"n\":" + i + "}"));
        }
        CyclicBarrier barrier = new CyclicBarrier(receivers);
        ExecutorService threads = Executors.newFixedThreadPool(receivers);
        int appended = 0;
        int duplicates = 0;
        try {
            List<Future<List<Inbox.Receipt>>> results = Collections.synchronizedList(new ArrayList<>());
            for (int i = 0; i < receivers; i++) {
                results.add(threads.submit(() -> {
                    barrier.await(Patience.SECONDS, TimeUnit.SECONDS);
                    List<Inbox.Receipt> receipts = new ArrayList<>();
                    for (int from = 0; from < all.size(); from += 20) {
                        receipts.add(journal.appendReceived(all.subList(from, from + 20)));
                    }
                    return receipts;
                }));
            }
            for (Future<List<Inbox.Receipt>> result : results) {
                for (Inbox.Receipt receipt : result.get(Patience.SECONDS, TimeUnit.SECONDS)) {
                    appended += receipt.appended();
                    duplicates += receipt.duplicates();
                    assertThat(receipt.conflicts()).isEmpty();
                }
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(appended).isEqualTo(400);
        assertThat(duplicates).isEqualTo(400 * (receivers - 1));
        assertThat(database.number("select count(*) from farandole.journal")).isEqualTo(400);
    }

    @Test
    void waitsForAConcurrentReceiverAndTakesOverWhereItRollsBack() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Connection other = database.database().connectAsApp()) {
            other.setAutoCommit(false);
            JournalStatements.appendReceived(other, List.of(Sample.envelope("e-1", "{}")));
            Future<Inbox.Receipt> mine =
                    thread.submit(() -> journal.appendReceived(List.of(Sample.envelope("e-1", "{}"))));
            Patience.await()
                    .until(() -> database.number("select count(*) from pg_locks where locktype = 'transactionid'"
                                    + " and not granted")
                            > 0);
            other.rollback();
            assertThat(mine.get(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo(new Inbox.Receipt(1, 0, List.of()));
        } finally {
            thread.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into farandole.journal (position, own, event_id, source, payload_type, payload_version, payload,"
                        + " process_key, occurred_at) values (1, true, 'x', 'order', 'a.b', 1, '{}', 'p', now())",
                "update farandole.journal set payload = '{}'",
                "delete from farandole.journal",
                "truncate farandole.journal",
                "drop table farandole.journal",
                "alter table farandole.journal disable trigger all",
                "select nextval('farandole.journal_position')",
                "select setval('farandole.journal_position', 1)",
                "select farandole.begin_append()",
                "create function farandole.evil() returns int language sql as 'select 1'",
                "insert into farandole.relay_position (singleton) values (true)",
                "delete from farandole.relay_position"
            })
    void refusesTheRuntimeRoleEverythingButAppendingAndReading(String sql) throws SQLException {
        journal.appendOwn(List.of(Sample.entry("o-1", 0)));
        try (Connection connection = database.database().connectAsApp();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute(sql))
                    .isInstanceOf(SQLException.class)
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo("42501");
        }
        assertThat(journal.read(0, 10).rows()).hasSize(1);
    }

    @Test
    void cannotBeMisledByATemporaryTableOfTheSameName() throws SQLException {
        database.asAdmin("grant temporary on database \"" + database.database().name() + "\" to public");
        try (Connection connection = database.database().connectAsApp();
                Statement statement = connection.createStatement()) {
            statement.execute("create temporary table journal (position bigint)");
            Sample.append(connection, "order", List.of(Sample.entry("o-1", 0)));
        }
        assertThat(journal.read(0, 10).rows()).hasSize(1);
    }

    @Test
    void refusesToTakePartInATransactionThatIsPrepared() throws SQLException {
        assumeTrue(
                database.number("select current_setting('max_prepared_transactions')::int") > 0,
                "the server refuses prepared transactions altogether");
        try (Connection connection = database.database().connectAsApp();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            Sample.append(connection, "order", List.of(Sample.entry("o-1", 0)));
            assertThatThrownBy(() -> statement.execute("prepare transaction 'farandole-test'"))
                    .hasMessageContaining("both session-level and transaction-level locks");
            connection.rollback();

            statement.execute("select 1");
            statement.execute("prepare transaction 'farandole-test'");
            connection.setAutoCommit(true);
            statement.execute("rollback prepared 'farandole-test'");
        }
        assertThat(database.number("select count(*) from pg_prepared_xacts where gid = 'farandole-test'"))
                .isZero();
        assertThat(journal.read(0, 10).rows()).isEmpty();
    }

    @Test
    void readsAndReplacesTheNewestSnapshotOnly() {
        RegistrySerializer serializer = RegistrySerializer.of(Sample.types());
        JournalEventStorageEngine snapshots = JournalEventStorageEngine.builder()
                .journal(journal)
                .serializer(serializer)
                .build();
        snapshots.storeSnapshot(Sample.placed("o-1", 5));
        snapshots.storeSnapshot(Sample.placed("o-1", 3));

        assertThat(snapshots.readSnapshot("o-1")).hasValueSatisfying(snapshot -> {
            assertThat(snapshot.getSequenceNumber()).isEqualTo(5);
            assertThat(snapshot.getPayload()).isEqualTo(new Sample.OrderPlaced("o-1", 1990, "private"));
        });
        database.asAdmin("update farandole.snapshot set payload_version = '9'");
        assertThat(snapshots.readSnapshot("o-1"))
                .as("a version that this service does not know")
                .isEmpty();
    }

    @Test
    void upcastsJsonTrees() {
        journal.appendOwn(List.of(new JournalEntry(
                "e-1",
                "Order",
                "o-1",
                0L,
                new io.farandole.messaging.EventType("order.order-placed", 1),
                "{\"orderId\":\"o-1\",\"price\":7}",
                null,
                "o-1",
                null,
                null,
                null,
                null,
                null,
                null,
                Sample.NOON)));
        JournalEventStorageEngine upcasting = JournalEventStorageEngine.builder()
                .journal(journal)
                .serializer(RegistrySerializer.of(io.farandole.messaging.EventTypes.builder()
                        .event("order.order-placed", 2, Sample.OrderPlaced.class)
                        .build()))
                .upcasterChain(JsonUpcaster.of("order.order-placed", 1, fields -> {
                    fields.set("total", fields.remove("price"));
                    fields.put("note", "");
                }))
                .build();

        assertThat(upcasting.readEvents("o-1").next().getPayload()).isEqualTo(new Sample.OrderPlaced("o-1", 7, ""));
        assertThat(upcasting.readEvents(null, false).toList().get(0).getPayload())
                .isEqualTo(new Sample.OrderPlaced("o-1", 7, ""));
    }
}
