package io.farandole.eventstore;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;
import io.farandole.messaging.Outbox;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JournalOutboxIT {

    private static final EventType WIRE = new EventType("order.order-placed", 1);

    private JournalDatabase database;
    private Journal journal;
    private JournalOutbox outbox;

    @BeforeEach
    void open() {
        database = JournalDatabase.create("outbox");
        journal = new Journal(database.pool(), JournalSettings.of("order").keeping(8, 16));
        outbox = new JournalOutbox(journal, "first");
    }

    @AfterEach
    void close() {
        journal.close();
        database.close();
    }

    @Test
    void readsPublishedEventsOnlyInTheirOrder() {
        journal.appendOwn(List.of(
                Sample.entry("o-1", 0, WIRE),
                Sample.entry("o-1", 1),
                new JournalEntry(
                        "e-3",
                        "Order",
                        "o-2",
                        0L,
                        Sample.PLACED,
                        "{\"private\":1}",
                        null,
                        "p-2",
                        "c",
                        "m",
                        "t",
                        WIRE,
                        "{\"published\":1}",
                        null,
                        Sample.NOON)));
        journal.appendReceived(List.of(Sample.envelope("x-1", "{}")));

        Outbox.Lease lease = outbox.acquire().orElseThrow();
        Outbox.Batch batch = lease.read(0, 10);

        assertThat(batch.upTo()).isEqualTo(4);
        assertThat(batch.events()).extracting(Envelope::sequence).containsExactly(1L, 3L);
        assertThat(batch.events().get(1))
                .isEqualTo(new Envelope(
                        "e-3", "order", WIRE, "o-2", Sample.NOON, "p-2", 3, "c", "m", "t", null, "{\"published\":1}"));
        lease.close();
    }

    @Test
    void readsTheSameWayFarBehindAndAtTheEnd() throws Exception {
        List<Long> published = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            long position = journal.appendOwn(List.of(Sample.entry("o-" + i, 0, i % 3 == 0 ? WIRE : null)));
            if (i % 3 == 0) {
                published.add(position);
            }
            if (i == 50) {
                journal.start();
                outbox.onAppend(() -> {});
            }
        }
        try (Outbox.Lease lease = outbox.acquire().orElseThrow()) {
            List<Long> read = new ArrayList<>();
            long after = 0;
            while (after < 100) {
                Outbox.Batch batch = lease.read(after, 7);
                assertThat(batch.events()).hasSizeLessThanOrEqualTo(7);
                assertThat(batch.upTo()).isGreaterThanOrEqualTo(after);
                batch.events().forEach(event -> read.add(event.sequence()));
                after = batch.upTo();
            }
            assertThat(read).isEqualTo(published);
            assertThat(lease.read(100, 7).events()).isEmpty();
        }
    }

    @Test
    void doesNotReadPastAPositionThatMayStillBeFilled() throws SQLException {
        try (Connection slow = database.database().connectAsApp();
                Outbox.Lease lease = outbox.acquire().orElseThrow()) {
            slow.setAutoCommit(false);
            Sample.append(slow, "order", List.of(Sample.entry("o-1", 0, WIRE)));
            journal.appendOwn(List.of(Sample.entry("o-2", 0, WIRE)));

            assertThat(lease.read(0, 10)).isEqualTo(new Outbox.Batch(List.of(), 0));
            slow.commit();
            assertThat(lease.read(0, 10).events())
                    .extracting(Envelope::sequence)
                    .containsExactly(1L, 2L);
        }
    }

    @Test
    void isHeldByOneAtATimeAndRemembersThePosition() {
        JournalOutbox second = new JournalOutbox(new Journal(database.pool(), JournalSettings.of("order")), "second");
        Outbox.Lease lease = outbox.acquire().orElseThrow();
        assertThat(lease.position()).isZero();
        assertThat(second.acquire()).isEmpty();

        lease.save(17);
        lease.save(12);
        assertThat(lease.position()).as("saving never goes back").isEqualTo(17);
        lease.close();
        lease.close();

        Outbox.Lease next = second.acquire().orElseThrow();
        assertThat(next.position()).isEqualTo(17);
        assertThat(outbox.acquire()).isEmpty();
        assertThatThrownBy(() -> lease.save(20)).isInstanceOf(IllegalStateException.class);
        next.close();
    }

    @Test
    void noticesThatItsSessionIsGone() {
        Outbox.Lease lease = outbox.acquire().orElseThrow();
        database.database().terminateSessions();

        assertThatThrownBy(() -> lease.save(5))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("lost")
                .hasMessageContaining("order");
        assertThatThrownBy(() -> lease.read(0, 1)).isInstanceOf(IllegalStateException.class);
        lease.close();

        try (Outbox.Lease again = outbox.acquire().orElseThrow()) {
            assertThat(again.position()).isZero();
        }
    }

    @Test
    void cannotSaveAfterAnotherOneTookOver() {
        Outbox.Lease sleeper = outbox.acquire().orElseThrow();
        // As if the sleeper's session had lost the lock without the sleeper's knowledge.
        database.asAdmin("update farandole.relay_position set term = term + 1, position = 40");

        assertThatThrownBy(() -> sleeper.save(50))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("lost");
        assertThat(database.number("select position from farandole.relay_position"))
                .isEqualTo(40);
        sleeper.close();
    }

    @Test
    void givesTheConnectionBackAsItWas() throws SQLException {
        for (int i = 0; i < 30; i++) {
            outbox.acquire().orElseThrow().close();
        }
        try (Connection connection = database.pool().getConnection();
                var result = connection
                        .createStatement()
                        .executeQuery("select count(*) from pg_locks where locktype = 'advisory' and objid = 3")) {
            result.next();
            assertThat(result.getLong(1)).isZero();
            assertThat(connection.getNetworkTimeout()).isZero();
        }
    }

    @Test
    void callsBackSoonAfterAnAppend() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (AutoCloseable registration = outbox.onAppend(calls::incrementAndGet)) {
            await().until(() -> journal.tail().head() >= 0);
            int before = calls.get();
            journal.appendOwn(List.of(Sample.entry("o-1", 0, WIRE)));
            await().until(() -> calls.get() > before);
            assertThat(registration).isNotNull();
        }
    }
}
