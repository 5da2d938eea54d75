package io.farandole.eventstore;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.Headers;
import io.farandole.testservers.Patience;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.serialization.UnknownSerializedType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class JournalStreamIT {

    private static JournalDatabase database;
    private Journal journal;
    private JournalEventStore store;

    @BeforeAll
    static void open() {
        database = JournalDatabase.create("stream", 20);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void begin() {
        database.empty();
        journal = new Journal(database.pool(), JournalSettings.of("order").keeping(16, 64));
        store = store(journal);
    }

    @AfterEach
    void end() {
        journal.close();
    }

    private static JournalEventStore store(Journal journal) {
        return JournalEventStore.builder()
                .storageEngine(JournalEventStorageEngine.builder()
                        .journal(journal)
                        .serializer(RegistrySerializer.of(Sample.types()))
                        .publications(Sample.publications())
                        .build())
                .build();
    }

    private static List<Long> drain(TrackingEventStream stream, int count) throws InterruptedException {
        List<Long> positions = new ArrayList<>();
        while (positions.size() < count && stream.hasNextAvailable(5, TimeUnit.SECONDS)) {
            positions.add(stream.nextAvailable().trackingToken().position().orElseThrow());
        }
        return positions;
    }

    private static List<Long> range(long first, long last) {
        List<Long> range = new ArrayList<>();
        for (long i = first; i <= last; i++) {
            range.add(i);
        }
        return range;
    }

    private void append(String aggregate, int from, int count) {
        List<JournalEntry> entries = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            entries.add(Sample.entry(aggregate, i));
        }
        journal.appendOwn(entries);
    }

    @Test
    void handsOutOwnAndReceivedEventsWithWhatTravelsBeside() throws InterruptedException {
        store.publish(Sample.placed("o-1", 0));
        journal.appendReceived(List.of(Sample.envelope("x-1", "{\"a\":1}")));

        try (TrackingEventStream stream = store.openStream(null)) {
            TrackedEventMessage<?> own = stream.nextAvailable();
            assertThat(own).isInstanceOf(DomainEventMessage.class);
            assertThat(own.getPayload()).isEqualTo(new Sample.OrderPlaced("o-1", 1990, "private"));
            assertThat(own.getMetaData())
                    .containsEntry(Headers.PROCESS_KEY, "o-1")
                    .doesNotContainKey(Headers.SOURCE);
            assertThat(own.trackingToken()).isEqualTo(new GlobalSequenceTrackingToken(1));
            TrackedEventMessage<?> received = stream.nextAvailable();
            assertThat(received).isNotInstanceOf(DomainEventMessage.class);
            assertThat(received.getPayloadType()).isEqualTo(UnknownSerializedType.class);
            assertThat(received.getTimestamp()).isEqualTo(Sample.NOON);
            assertThat(received.getMetaData())
                    .containsEntry(Headers.SOURCE, "stock")
                    .containsEntry(Headers.PROCESS_KEY, "o-1")
                    .containsEntry(Headers.CORRELATION_ID, "conversation")
                    .containsEntry(Headers.CAUSATION_ID, "cause");
            assertThat(stream.hasNextAvailable()).isFalse();
        }
    }

    @Test
    void readsEverythingFarBehindThenFollowsTheTail() throws Exception {
        append("o-1", 0, 300);
        try (TrackingEventStream stream = store.openStream(null)) {
            assertThat(drain(stream, 300)).isEqualTo(range(1, 300));
            append("o-1", 300, 20);
            assertThat(drain(stream, 20)).isEqualTo(range(301, 320));
            append("o-1", 320, 400);
            assertThat(drain(stream, 400))
                    .as("fell behind the memory, and caught up")
                    .isEqualTo(range(321, 720));
        }
    }

    @Test
    void continuesAfterAToken() throws InterruptedException {
        append("o-1", 0, 10);

        try (TrackingEventStream stream = store.openStream(new GlobalSequenceTrackingToken(7))) {
            assertThat(drain(stream, 3)).containsExactly(8L, 9L, 10L);
        }
    }

    @Test
    void peeksWithoutTakingAway() throws InterruptedException {
        append("o-1", 0, 2);
        try (TrackingEventStream stream = store.openStream(null)) {
            assertThat(stream.hasNextAvailable(5, TimeUnit.SECONDS)).isTrue();
            String id = stream.peek().orElseThrow().getIdentifier();
            assertThat(stream.peek().orElseThrow().getIdentifier()).isEqualTo(id);
            assertThat(stream.nextAvailable().getIdentifier()).isEqualTo(id);
            assertThat(stream.nextAvailable().getIdentifier()).isNotEqualTo(id);
            assertThat(stream.peek()).isEmpty();
        }
    }

    /** It polls once an hour only, so what arrives was woken for. */
    @Test
    void wakesAWaitingReaderAtTheCommit() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        Duration hour = Duration.ofHours(1);
        try (Journal waking =
                        new Journal(database.pool(), JournalSettings.of("order").polling(hour, hour));
                TrackingEventStream stream = store(waking).openStream(null)) {
            TransactionTemplate transactions =
                    new TransactionTemplate(new DataSourceTransactionManager(database.pool()));
            for (int i = 0; i < 20; i++) {
                long sequence = i;
                Future<TrackedEventMessage<?>> read = thread.submit(stream::nextAvailable);
                if (i % 2 == 0) {
                    waking.appendOwn(List.of(Sample.entry("o-1", sequence)));
                } else {
                    transactions.executeWithoutResult(
                            status -> waking.appendOwn(List.of(Sample.entry("o-1", sequence))));
                }
                assertThat(read.get(Patience.SECONDS, TimeUnit.SECONDS).trackingToken())
                        .isEqualTo(new GlobalSequenceTrackingToken(i + 1));
            }
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void callsBackWhenEventsBecomeAvailable() {
        AtomicInteger calls = new AtomicInteger();
        try (TrackingEventStream stream = store.openStream(null)) {
            assertThat(stream.setOnAvailableCallback(calls::incrementAndGet)).isTrue();
            await().until(() -> journal.tail().head() >= 0);
            int before = calls.get();
            append("o-1", 0, 1);
            await().until(() -> calls.get() > before && stream.hasNextAvailable());
        }
    }

    @Test
    void seesWhatAnotherInstanceAppended() throws InterruptedException {
        try (Journal other = new Journal(database.pool(), JournalSettings.of("order"));
                TrackingEventStream stream = store.openStream(null)) {
            other.appendOwn(List.of(Sample.entry("o-1", 0)));
            assertThat(stream.hasNextAvailable(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void showsAnEventOnlyOnceItsUnitOfWorkHasCommitted() throws InterruptedException {
        try (TrackingEventStream stream = store.openStream(null)) {
            UnitOfWork<?> unitOfWork = DefaultUnitOfWork.startAndGet(null);
            store.publish(Sample.placed("o-1", 0));
            assertThat(store.readEvents("o-1").asStream())
                    .as("staged, for itself")
                    .hasSize(1);
            assertThat(stream.hasNextAvailable(100, TimeUnit.MILLISECONDS)).isFalse();
            unitOfWork.commit();
            assertThat(stream.hasNextAvailable(5, TimeUnit.SECONDS)).isTrue();
            assertThat(store.readEvents("o-1").asStream()).hasSize(1);
        }
    }

    @Test
    void loadsWhatIsStagedInThisAndOuterUnitsOfWorkButNotWhatWasRolledBack() {
        UnitOfWork<?> outer = DefaultUnitOfWork.startAndGet(null);
        store.publish(Sample.placed("o-1", 0));
        UnitOfWork<?> failing = DefaultUnitOfWork.startAndGet(null);
        store.publish(Sample.placed("o-1", 1));
        assertThat(store.lastSequenceNumberFor("o-1")).contains(1L);
        failing.rollback();
        assertThat(store.readEvents("o-1").asStream()).hasSize(1);
        UnitOfWork<?> nested = DefaultUnitOfWork.startAndGet(null);
        store.publish(Sample.placed("o-1", 1), Sample.placed("o-2", 0));
        assertThat(store.readEvents("o-1").asStream()).hasSize(2);
        nested.commit();
        assertThat(store.readEvents("o-1").asStream()).hasSize(2);
        assertThat(store.readEvents("o-2").asStream()).hasSize(1);
        assertThat(store.readEvents("o-3").asStream()).isEmpty();
        outer.commit();

        assertThat(store.readEvents("o-1").asStream()).hasSize(2);
        assertThat(journal.read(0, 10).rows()).hasSize(3);
    }

    @Test
    void doesNotHandOutWhatFollowsAnOpenAppendAndGoesOnOnceItEnds() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        append("o-1", 0, 1);
        try (Connection slow = database.database().connectAsApp();
                TrackingEventStream stream = store.openStream(null);
                TrackingEventStream behind = store.openStream(null)) {
            assertThat(drain(stream, 1)).containsExactly(1L);
            slow.setAutoCommit(false);
            Sample.append(slow, "order", List.of(Sample.entry("o-2", 0)));
            append("o-1", 1, 100);
            assertThat(stream.hasNextAvailable(200, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(drain(behind, 1)).containsExactly(1L);

            Future<List<Long>> rest = thread.submit(() -> drain(stream, 101));
            slow.commit();
            assertThat(rest.get(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo(range(2, 102));
            assertThat(drain(behind, 101)).isEqualTo(range(2, 102));
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void handsOutNoMoreThanItsProcessorCanTake() throws InterruptedException {
        append("o-1", 0, 50);
        AtomicLong handled = new AtomicLong();
        try (var stream = store.paced(10, handled::get).openStream(null)) {
            List<Long> first = new ArrayList<>();
            while (stream.hasNextAvailable(300, TimeUnit.MILLISECONDS)) {
                first.add(stream.nextAvailable().trackingToken().position().orElseThrow());
            }
            assertThat(first).isEqualTo(range(1, 10));

            AtomicInteger calls = new AtomicInteger();
            stream.setOnAvailableCallback(calls::incrementAndGet);
            handled.set(4);
            await().until(() -> calls.get() > 0 && stream.hasNextAvailable());
            handled.set(Long.MAX_VALUE);
            List<Long> rest = new ArrayList<>();
            while (stream.hasNextAvailable(300, TimeUnit.MILLISECONDS)) {
                rest.add(stream.nextAvailable().trackingToken().position().orElseThrow());
            }
            assertThat(rest).isEqualTo(range(11, 50));
        }
    }

    @Test
    void decodesEachEventOnceForAllStreams() throws InterruptedException {
        try (TrackingEventStream one = store.openStream(null);
                TrackingEventStream two = store.openStream(null)) {
            await().until(() -> journal.tail().head() >= 0);
            store.publish(Sample.placed("o-1", 0));
            assertThat(one.nextAvailable()).isSameAs(two.nextAvailable());
        }
    }

    @Test
    void asksTheDatabaseAtMostTwiceASecondWhenIdle() {
        try (TrackingEventStream one = store.openStream(null);
                TrackingEventStream two = store.openStream(null)) {
            append("o-1", 0, 1);
            await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
            long before = statements();
            await().pollDelay(Duration.ofSeconds(5)).until(() -> true);
            long counted = statements() - before;
            assertThat(counted).as("once a second, and counted at all").isBetween(2L, 10L);
            assertThat(one).isNotSameAs(two);
        }
    }

    @Test
    void looksOftenForWhatOthersAppendOnlyWhereOthersDo() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (Journal here = new Journal(counting(asked), JournalSettings.of("order"));
                Journal elsewhere = new Journal(database.pool(), JournalSettings.of("order"))) {
            var unused = here.onAppend(() -> {});
            await().pollDelay(Duration.ofSeconds(3)).until(() -> here.tailPosition() >= 0);

            int before = asked.get();
            appendEveryTenthOfASecond(here, "o-1", 10);
            assertThat(asked.get() - before)
                    .as("ten appends, which need not be read, and hardly a poll")
                    .isBetween(10, 16);

            int idle = asked.get();
            appendEveryTenthOfASecond(elsewhere, "o-2", 30);
            await().until(() -> here.tailPosition() == elsewhere.newest());
            assertThat(asked.get() - idle)
                    .as("polls in three seconds, often once the first event was found after a second at most")
                    .isGreaterThan(10);
        }
    }

    private static void appendEveryTenthOfASecond(Journal journal, String aggregate, int events) {
        for (int i = 0; i < events; i++) {
            journal.appendOwn(List.of(Sample.entry(aggregate, i)));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    /** The database's pool; counts how often it is asked for a connection. */
    private static DataSource counting(AtomicInteger asked) {
        return (DataSource) Proxy.newProxyInstance(
                JournalStreamIT.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection")) {
                        asked.incrementAndGet();
                    }
                    return method.invoke(database.pool(), arguments);
                });
    }

    /** Scans of the journal, as far as its sessions have reported them. */
    private static long statements() {
        return database.number(
                "select seq_scan + idx_scan from pg_stat_user_tables" + " where relid = 'farandole.journal'::regclass");
    }

    @Test
    void goesOnAfterTheDatabaseEndedItsSessions() throws InterruptedException {
        try (TrackingEventStream stream = store.openStream(null)) {
            append("o-1", 0, 1);
            assertThat(drain(stream, 1)).containsExactly(1L);
            database.database().terminateSessions();
            await().ignoreExceptions().until(() -> {
                append("o-1", 1, 1);
                return true;
            });
            assertThat(drain(stream, 1)).hasSize(1);
        }
    }

    @Test
    void startsAtTailHeadOrTime() {
        append("o-1", 0, 3);
        store.publish(Sample.placed("o-2", 0));

        assertThat(store.createTailToken()).isEqualTo(new GlobalSequenceTrackingToken(0));
        assertThat(store.createHeadToken()).isEqualTo(new GlobalSequenceTrackingToken(4));
        assertThat(store.createTokenAt(Sample.NOON)).isEqualTo(new GlobalSequenceTrackingToken(0));
    }

    @Test
    void endsQuietlyWhenClosed() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            TrackingEventStream stream = store.openStream(null);
            Future<Boolean> waiting = thread.submit(() -> stream.hasNextAvailable(60, TimeUnit.SECONDS));
            stream.close();
            assertThat(waiting.get(Patience.SECONDS, TimeUnit.SECONDS)).isFalse();
            assertThat(stream.hasNextAvailable()).isFalse();
        } finally {
            thread.shutdownNow();
        }
    }
}
