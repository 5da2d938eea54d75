package io.farandole.eventstore;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.testservers.Patience;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that commits is ever missed, whatever the clock says, and nothing that does not is waited for. */
class GapSafeReadingIT {

    private JournalDatabase database;
    private Journal journal;

    @BeforeEach
    void open() {
        database = JournalDatabase.create("gaps");
        journal = new Journal(database.pool(), JournalSettings.of("order"));
    }

    @AfterEach
    void close() {
        journal.close();
        database.close();
    }

    @Test
    void waitsForAPositionThatCommitsAfterAHigherOne() throws SQLException {
        lateCommit(Duration.ofMillis(700));
    }

    @Test
    @Tag("slow")
    void waitsForAPositionThatCommitsAMinuteAfterAHigherOne() throws SQLException {
        lateCommit(Duration.ofSeconds(61));
    }

    private void lateCommit(Duration late) throws SQLException {
        append("o-0", 0);
        try (Connection slow = database.database().connectAsApp()) {
            slow.setAutoCommit(false);
            Sample.append(slow, "order", List.of(Sample.entry("o-1", 0)));
            append("o-2", 0);
            append("o-2", 1);

            await().during(late).atMost(late.plusSeconds(5)).until(() -> {
                JournalPage page = journal.read(0, 100);
                return page.rows().size() == 1
                        && page.upTo() == 1
                        && journal.read(1, 100).blocked();
            });

            slow.commit();
            assertThat(read()).containsExactly("o-0/0", "o-1/0", "o-2/0", "o-2/1");
        }
    }

    @Test
    void passesADeadGapAtOnce() throws SQLException {
        rollBack("o-1", 3);
        append("o-2", 0);

        JournalPage page = journal.read(0, 100);

        assertThat(page.rows()).extracting(JournalRow::position).containsExactly(4L);
        assertThat(page.blocked()).isFalse();
    }

    @Test
    void passesAHugeDeadGapAtOnce() throws SQLException {
        append("o-1", 0);
        database.asAdmin("select setval('farandole.journal_position', 5000000000)");
        append("o-1", 1);

        assertThat(read()).containsExactly("o-1/0", "o-1/1");
        assertThat(journal.head()).isEqualTo(5000000001L);
    }

    @Test
    void doesNotWaitForTransactionsThatDoNotAppend() throws SQLException {
        try (Connection idle = database.database().connectAsApp();
                Connection writing = database.database().connectAsAdmin();
                Statement statement = writing.createStatement()) {
            idle.setAutoCommit(false);
            JournalStatements.newest(idle);
            writing.setAutoCommit(false);
            statement.execute("create table app.something (id int)");
            rollBack("o-1", 1);
            append("o-2", 0);

            assertThat(read()).containsExactly("o-2/0");
            assertThat(journal.head()).isEqualTo(2);
            writing.rollback();
        }
    }

    @Test
    void doesNotWaitForThoseWhoBeganToAppendAfterTheGap() throws SQLException {
        try (Connection first = database.database().connectAsApp();
                Connection second = database.database().connectAsApp()) {
            first.setAutoCommit(false);
            Sample.append(first, "order", List.of(Sample.entry("o-1", 0)));
            append("o-2", 0);
            assertThat(journal.read(0, 10).blocked()).isTrue();

            second.setAutoCommit(false);
            Sample.append(second, "order", List.of(Sample.entry("o-3", 0)));
            first.rollback();
            // The first one's connection begins to append again: another transaction of the same session.
            Sample.append(first, "order", List.of(Sample.entry("o-4", 0)));
            assertThat(read())
                    .as("position 1 is dead although its session appends again")
                    .containsExactly("o-2/0");

            append("o-5", 0);
            second.rollback();
            first.commit();
            assertThat(read()).containsExactly("o-2/0", "o-4/0", "o-5/0");
        }
    }

    @Test
    void ignoresAppendersOfOtherDatabases() throws SQLException {
        try (JournalDatabase other = JournalDatabase.create("othergaps", 2);
                Connection elsewhere = other.database().connectAsApp()) {
            elsewhere.setAutoCommit(false);
            Sample.append(elsewhere, "stock", List.of(Sample.entry("o-1", 0)));
            rollBack("o-1", 1);
            append("o-2", 0);

            assertThat(read()).containsExactly("o-2/0");
        }
    }

    @Test
    void findsAHeadThatMissesNothingThatCommitsLater() throws Exception {
        append("o-1", 0);
        try (Connection slow = database.database().connectAsApp()) {
            slow.setAutoCommit(false);
            Sample.append(slow, "order", List.of(Sample.entry("o-2", 0)));
            append("o-3", 0);
            ExecutorService other = Executors.newSingleThreadExecutor();
            try {
                var head = other.submit(() -> journal.head());
                await().during(Duration.ofMillis(300)).until(() -> !head.isDone());
                slow.commit();
                assertThat(head.get(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo(3);
            } finally {
                other.shutdownNow();
            }
        }
    }

    @Test
    void readsWithFreshSnapshotsInsideATransactionOfTheCaller() {
        var transactions = new org.springframework.transaction.support.TransactionTemplate(
                new org.springframework.jdbc.datasource.DataSourceTransactionManager(database.pool()));
        transactions.setIsolationLevel(org.springframework.transaction.TransactionDefinition.ISOLATION_REPEATABLE_READ);

        transactions.executeWithoutResult(status -> {
            assertThat(journal.lastSequence("o-1")).isEmpty();
            Journal elsewhere = new Journal(database.database().appDataSource(), JournalSettings.of("order"));
            elsewhere.appendOwn(List.of(Sample.entry("o-1", 0)));
            assertThat(journal.read(0, 10).rows()).hasSize(1);
        });
    }

    /** 200 writers for some seconds: delays before and after appending, rollbacks, several appends, killed sessions. */
    @ParameterizedTest
    @ValueSource(longs = {20261120})
    void losesNothingAndKeepsOrderUnderHundredsOfWritersRollbacksAndKilledSessions(long seed) throws Exception {
        int writers = 200;
        Set<String> committed = ConcurrentHashMap.newKeySet();
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger rolledBack = new AtomicInteger();
        AtomicInteger killed = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(writers + 2);
        CountDownLatch done = new CountDownLatch(writers);
        try {
            for (int writer = 0; writer < writers; writer++) {
                int number = writer;
                threads.execute(() -> {
                    try {
                        write(number, new Random(seed + number), stop, committed, rolledBack);
                    } finally {
                        done.countDown();
                    }
                });
            }
            var reader = threads.submit(() -> follow(stop, done, seen));
            var killer = threads.submit(() -> kill(new Random(seed), stop, killed));
            await().during(Duration.ofSeconds(9)).until(() -> !reader.isDone());
            stop.set(true);
            assertThat(done.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
            killer.get(Patience.SECONDS, TimeUnit.SECONDS);
            reader.get(Patience.SECONDS, TimeUnit.SECONDS);
        } finally {
            stop.set(true);
            threads.shutdownNow();
        }

        Set<String> stored = new HashSet<>(stored());
        assertThat(stored).as("seed %d", seed).containsAll(committed);
        assertThat(seen)
                .as("seed %d: every committed event once, and no other", seed)
                .doesNotHaveDuplicates();
        assertThat(new HashSet<>(seen)).as("seed %d", seed).isEqualTo(stored);
        assertThat(outOfOrder(seen)).as("seed %d: per aggregate in order", seed).isEmpty();
        assertThat(committed.size()).as("seed %d", seed).isGreaterThan(200);
        assertThat(rolledBack.get()).as("seed %d", seed).isGreaterThan(20);
        assertThat(killed.get()).as("seed %d", seed).isPositive();
    }

    private void write(int number, Random random, AtomicBoolean stop, Set<String> committed, AtomicInteger rolledBack) {
        long sequence = 0;
        while (!stop.get()) {
            String aggregate = "a-" + number + "-" + random.nextInt(1_000_000_000);
            try (Connection connection = database.database().connectAsApp()) {
                connection.setAutoCommit(false);
                sequence = 0;
                for (int round = 0; round < 20 && !stop.get(); round++) {
                    List<String> keys = new ArrayList<>();
                    long before = sequence;
                    if (random.nextInt(4) == 0) {
                        takeTransactionId(connection);
                        pause(connection, random, stop);
                    }
                    int appends = 1 + random.nextInt(3);
                    for (int i = 0; i < appends; i++) {
                        Sample.append(
                                connection,
                                "order",
                                List.of(Sample.entry(aggregate, sequence), Sample.entry(aggregate, sequence + 1)));
                        keys.add(aggregate + "/" + sequence);
                        keys.add(aggregate + "/" + (sequence + 1));
                        sequence += 2;
                        if (random.nextInt(3) == 0) {
                            pause(connection, random, stop);
                        }
                    }
                    if (random.nextInt(10) == 0) {
                        connection.rollback();
                        rolledBack.incrementAndGet();
                        sequence = before;
                    } else {
                        connection.commit();
                        committed.addAll(keys);
                    }
                }
            } catch (SQLException e) {
                // Killed: the next round takes a new connection and a new aggregate.
                assertThat(e.getSQLState()).as(e.getMessage()).matches("57P01|08.*|53300");
            }
        }
    }

    /** A transaction that has its id early and appends late: ordering by transaction id would get this wrong. */
    private static void takeTransactionId(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_current_xact_id()");
        }
    }

    private static void pause(Connection connection, Random random, AtomicBoolean stop) throws SQLException {
        if (stop.get()) {
            return;
        }
        double seconds = random.nextInt(20) == 0 ? 1.5 * random.nextDouble() : 0.05 * random.nextDouble();
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_sleep(" + seconds + ")");
        }
    }

    private Void follow(AtomicBoolean stop, CountDownLatch done, List<String> seen) throws InterruptedException {
        long position = 0;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        boolean last = false;
        while (System.nanoTime() < deadline) {
            JournalPage page = journal.read(position, 64);
            page.rows().forEach(row -> seen.add(row.aggregateId() + "/" + row.sequence()));
            position = page.upTo();
            if (page.rows().isEmpty()) {
                if (last && !page.blocked()) {
                    return null;
                }
                last = stop.get() && done.await(1, TimeUnit.MILLISECONDS);
            }
        }
        throw new AssertionError("The reader did not come to the end of the journal; it is at " + position);
    }

    private Void kill(Random random, AtomicBoolean stop, AtomicInteger killed) throws Exception {
        try (Connection connection = database.database().connectAsAdmin();
                Statement statement = connection.createStatement()) {
            while (!stop.get()) {
                statement.execute("select pg_sleep(" + 0.2 * random.nextDouble() + ")");
                try (ResultSet result = statement.executeQuery(
                        "select count(pg_terminate_backend(pid)) from (select a.pid from pg_locks l join pg_stat_activity a"
                                + " on a.pid = l.pid where l.locktype = 'advisory' and l.objid = 1 and a.datname ="
                                + " current_database() order by random() limit 2) victims")) {
                    result.next();
                    killed.addAndGet(result.getInt(1));
                }
            }
        }
        return null;
    }

    private static List<String> outOfOrder(List<String> seen) {
        Map<String, Long> last = new HashMap<>();
        List<String> wrong = new ArrayList<>();
        for (String key : seen) {
            String aggregate = key.substring(0, key.indexOf('/'));
            long sequence = Long.parseLong(key.substring(key.indexOf('/') + 1));
            Long previous = last.put(aggregate, sequence);
            if (sequence != (previous == null ? 0 : previous + 1)) {
                wrong.add(key + " after " + previous);
            }
        }
        return wrong;
    }

    private List<String> stored() throws SQLException {
        try (Connection connection = database.database().connectAsAdmin();
                Statement statement = connection.createStatement();
                ResultSet result =
                        statement.executeQuery("select aggregate_id || '/' || sequence from farandole.journal")) {
            List<String> stored = new ArrayList<>();
            while (result.next()) {
                stored.add(result.getString(1));
            }
            return stored;
        }
    }

    private void append(String aggregate, long sequence) {
        journal.appendOwn(List.of(Sample.entry(aggregate, sequence)));
    }

    private void rollBack(String aggregate, int events) throws SQLException {
        try (Connection connection = database.database().connectAsApp()) {
            connection.setAutoCommit(false);
            List<JournalEntry> entries = new ArrayList<>();
            for (int i = 0; i < events; i++) {
                entries.add(Sample.entry(aggregate, i));
            }
            Sample.append(connection, "order", entries);
            connection.rollback();
        }
    }

    private List<String> read() {
        List<String> read = new ArrayList<>();
        long position = 0;
        while (true) {
            JournalPage page = journal.read(position, 100);
            page.rows().forEach(row -> read.add(row.aggregateId() + "/" + row.sequence()));
            position = page.upTo();
            if (page.rows().isEmpty()) {
                return read;
            }
        }
    }
}
