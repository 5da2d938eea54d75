package io.farandole.eventstore;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;
import io.farandole.testservers.Patience;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What the tail hands out without having read it is what it would have read. */
class JournalTailIT {

    private JournalDatabase database;
    private Connections pool;
    private Journal journal;
    private TransactionTemplate transactions;
    private final List<JournalRow> seen = new ArrayList<>();
    private long position;

    @BeforeEach
    void open() {
        database = JournalDatabase.create("tail");
        pool = new Connections(database.pool(), true);
        journal = new Journal(pool, JournalSettings.of("order"));
        transactions = new TransactionTemplate(new DataSourceTransactionManager(pool));
        journal.tail().follow(this::look);
        await().until(() -> journal.tailPosition() >= 0);
    }

    @AfterEach
    void close() {
        journal.close();
        database.close();
    }

    private synchronized void look() {
        List<TailRows.Slot> slots = journal.tail().after(position, 10_000);
        if (slots != null) {
            slots.forEach(slot -> {
                seen.add(slot.row());
                position = slot.row().position();
            });
        }
    }

    private synchronized List<JournalRow> seen() {
        return List.copyOf(seen);
    }

    @Test
    void hasWhatThisJvmCommitsWithoutReadingIt() {
        settle();
        int before = pool.asked();
        for (int i = 0; i < 20; i++) {
            int sequence = i;
            transactions.executeWithoutResult(status -> {
                journal.appendOwn(List.of(Sample.entry("o-1", 2L * sequence)));
                journal.appendOwn(List.of(Sample.entry("o-1", 2L * sequence + 1)));
            });
            journal.appendReceived(List.of(Sample.envelope("r-" + i, "{}")));
            await().pollInterval(Duration.ofMillis(1)).until(() -> seen().size() == 3 * (sequence + 1));
        }
        assertThat(pool.asked() - before)
                .as("connections: two for the appends of each turn, and now and then a poll")
                .isBetween(40, 45);
        assertThat(seen()).isEqualTo(journal.read(0, 1000).rows());
    }

    @Test
    void doesNotTellOfWhatIsNotCommitted() {
        transactions.executeWithoutResult(status -> {
            journal.appendOwn(List.of(Sample.entry("o-1", 0)));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            assertThat(seen()).isEmpty();
            status.setRollbackOnly();
        });
        assertThatThrownBy(() -> transactions.executeWithoutResult(status -> {
                    journal.appendOwn(List.of(Sample.entry("o-2", 0)));
                    journal.appendOwn(List.of(Sample.entry("o-2", 0)));
                }))
                .isInstanceOf(org.springframework.dao.DuplicateKeyException.class);
        journal.appendOwn(List.of(Sample.entry("o-3", 0)));
        await().until(() -> seen().size() == 1);
        assertThat(seen()).extracting(JournalRow::aggregateId).containsExactly("o-3");
    }

    /** A connection that does not commit by itself, and no transaction of Spring's: the append is given up with the connection. */
    @Test
    void doesNotTellOfAnAppendWhoseCommitItCannotSee() throws Exception {
        try (Journal careless = new Journal(new Connections(database.pool(), false), JournalSettings.of("order"))) {
            List<String> told = new ArrayList<>();
            JournalTail.Follower follower = () -> {
                List<TailRows.Slot> slots = careless.tail().after(0, 10);
                if (slots != null) {
                    slots.forEach(slot -> told.add(slot.row().eventId()));
                }
            };
            careless.tail().follow(follower);
            await().until(() -> careless.tailPosition() >= 0);
            careless.appendOwn(List.of(Sample.entry("o-1", 0)));
            await().during(Duration.ofMillis(300)).until(told::isEmpty);
        }
    }

    /**
     * Writers of two instances at once, with transactions of several appends, early positions that commit late, roll-backs,
     * duplicates and all kinds of contents: the reader has each row once, in order, and exactly as it is in the table.
     */
    @ParameterizedTest
    @CsvSource({"1, false", "2, false", "3, false", "4, true", "5, true", "6, true"})
    void handsOutExactlyWhatIsInTheTable(long seed, boolean elsewhereToo) throws Exception {
        int writers = 6;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try (Journal elsewhere = new Journal(database.pool(), JournalSettings.of("order"))) {
            TransactionTemplate theirs = new TransactionTemplate(new DataSourceTransactionManager(database.pool()));
            for (int writer = 0; writer < writers; writer++) {
                boolean there = elsewhereToo && writer % 2 == 0;
                Random random = new Random(seed * 100 + writer);
                String name = "w" + writer;
                threads.execute(() -> write(there ? elsewhere : journal, there ? theirs : transactions, name, random));
            }
            threads.shutdown();
            assertThat(threads.awaitTermination(Patience.SECONDS, TimeUnit.SECONDS))
                    .isTrue();
            List<JournalRow> all = everythingIn(elsewhere);
            assertThat(all).hasSizeGreaterThan(300);
            await().until(() -> seen().size() >= all.size());
            assertThat(seen()).isEqualTo(all);
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<JournalRow> everythingIn(Journal journal) {
        List<JournalRow> all = new ArrayList<>();
        JournalPage page = journal.read(0, 10_000);
        while (page.blocked() || !page.rows().isEmpty()) {
            all.addAll(page.rows());
            page = journal.read(page.upTo(), 10_000);
        }
        return all;
    }

    private static void write(Journal to, TransactionTemplate transactions, String name, Random random) {
        AtomicInteger sequence = new AtomicInteger();
        for (int turn = 0; turn < 40; turn++) {
            if (random.nextInt(3) == 0) {
                to.appendReceived(envelopes(name, random));
            } else {
                int next = sequence.get();
                Boolean committed = transactions.execute(status -> {
                    for (int append = 0; append <= random.nextInt(3); append++) {
                        to.appendOwn(entries(name, sequence, random));
                        LockSupport.parkNanos(random.nextInt(4) * 1_000_000L);
                    }
                    if (random.nextInt(6) == 0) {
                        status.setRollbackOnly();
                        return false;
                    }
                    return true;
                });
                if (!Boolean.TRUE.equals(committed)) {
                    sequence.set(next);
                }
            }
        }
    }

    private static List<JournalEntry> entries(String name, AtomicInteger sequence, Random random) {
        return IntStream.rangeClosed(0, random.nextInt(4))
                .mapToObj(i -> new JournalEntry(
                        UUID.randomUUID().toString(),
                        maybe("Order", random),
                        name,
                        (long) sequence.getAndIncrement(),
                        new EventType("order.noted", 1 + random.nextInt(3)),
                        "{\"text\":\"" + "é😀\\n\\u0007".repeat(random.nextInt(5)) + "\"}",
                        maybe("{\"who\": \"x\"}", random),
                        "process " + random.nextInt(5),
                        maybe("correlation", random),
                        maybe("causation", random),
                        maybe("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", random),
                        new EventType("order.order-noted", 2),
                        maybe("{}", random),
                        maybe("key", random),
                        Instant.ofEpochSecond(random.nextInt(2_000_000_000), random.nextInt(1_000_000_000))))
                .toList();
    }

    private static List<Envelope> envelopes(String name, Random random) {
        return IntStream.rangeClosed(0, random.nextInt(4))
                .mapToObj(i -> new Envelope(
                        name + "-" + random.nextInt(200) + "-" + i,
                        "stock",
                        new EventType("stock.stock-reserved", 1),
                        maybe("r-1", random),
                        Instant.ofEpochSecond(random.nextInt(2_000_000_000), random.nextInt(1_000_000_000)),
                        "process " + random.nextInt(5),
                        random.nextInt(1_000_000),
                        maybe("correlation", random),
                        maybe("causation", random),
                        maybe("trace", random),
                        maybe("key", random),
                        "{\"text\": \"ü\"}"))
                .toList();
    }

    private static @Nullable String maybe(String text, Random random) {
        return random.nextBoolean() ? text : null;
    }

    /** Until the first reads are over. */
    private void settle() {
        int[] last = {-1};
        await().pollInterval(Duration.ofMillis(300)).until(() -> {
            int now = pool.asked();
            boolean quiet = now == last[0];
            last[0] = now;
            return quiet;
        });
    }
}
