package io.farandole.saga.barrier;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.saga.barrier.Barrier.Compensation;
import io.farandole.saga.barrier.Barrier.Forward;
import io.farandole.saga.trip.TripWorld;
import io.farandole.testservers.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BarrierIT {

    private static TripWorld world;
    private static Barrier barrier;

    @BeforeAll
    static void open() {
        world = new TripWorld();
        barrier = new Barrier(world.dataSource);
    }

    @AfterAll
    static void close() {
        world.close();
    }

    @Test
    void passesAStepOnceAndItsCompensationOnce() {
        assertThat(barrier.forward("a", "reserve")).isEqualTo(Forward.PASS);
        assertThat(barrier.forward("a", "reserve")).isEqualTo(Forward.DUPLICATE);
        assertThat(barrier.compensate("a", "reserve")).isEqualTo(Compensation.PASS);
        assertThat(barrier.compensate("a", "reserve")).isEqualTo(Compensation.DUPLICATE);
        assertThat(barrier.forward("a", "reserve")).isEqualTo(Forward.DUPLICATE);
        assertThat(barrier.forward("a", "charge")).isEqualTo(Forward.PASS);
        assertThat(barrier.forward("b", "reserve")).isEqualTo(Forward.PASS);
    }

    @Test
    void leavesATombstoneThatRefusesALateStep() {
        assertThat(barrier.compensate("late", "reserve")).isEqualTo(Compensation.EMPTY);
        assertThat(barrier.compensate("late", "reserve")).isEqualTo(Compensation.DUPLICATE);
        assertThat(barrier.forward("late", "reserve")).isEqualTo(Forward.REFUSED);
        assertThat(barrier.forward("late", "reserve")).isEqualTo(Forward.REFUSED);
    }

    @Test
    void forgetsWhatARolledBackStepDid() {
        for (boolean forward : new boolean[] {true, false}) {
            String key = "rolled-back-" + forward;
            var transaction = world.transactions.startTransaction();
            if (forward) {
                assertThat(barrier.forward(key, "reserve")).isEqualTo(Forward.PASS);
            } else {
                assertThat(barrier.compensate(key, "reserve")).isEqualTo(Compensation.EMPTY);
            }
            transaction.rollback();
            assertThat(barrier.forward(key, "reserve")).isEqualTo(Forward.PASS);
        }
    }

    @Test
    void makesTheSecondSessionWaitForWhatTheFirstDecides() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            for (boolean commit : new boolean[] {true, false}) {
                String key = "waits-" + commit;
                var transaction = world.transactions.startTransaction();
                assertThat(barrier.forward(key, "reserve")).isEqualTo(Forward.PASS);
                Future<Compensation> second = other.submit(() -> barrier.compensate(key, "reserve"));
                Patience.await()
                        .until(() -> world.count("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                                        + " and query like '%barrier_compensate%'")
                                == 1);
                if (commit) {
                    transaction.commit();
                } else {
                    transaction.rollback();
                }
                assertThat(second.get(Patience.SECONDS, TimeUnit.SECONDS))
                        .isEqualTo(commit ? Compensation.PASS : Compensation.EMPTY);
            }
        } finally {
            other.shutdownNow();
        }
    }

    /** Two sessions each, at once, with roll-backs: whatever the interleaving, the answers must fit one order of events. */
    @Test
    void isExactWhenForwardAndCompensationRace() throws Exception {
        Random random = new Random(7);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 150; round++) {
                String key = "race-" + round;
                CyclicBarrier start = new CyclicBarrier(4);
                List<Future<String>> all = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    boolean forward = i % 2 == 0;
                    boolean rollBack = random.nextInt(4) == 0;
                    all.add(threads.submit(() -> {
                        start.await(Patience.SECONDS, TimeUnit.SECONDS);
                        return inTransaction(
                                rollBack,
                                () -> forward
                                        ? "forward " + barrier.forward(key, "s")
                                        : "compensate " + barrier.compensate(key, "s"));
                    }));
                }
                List<String> committed = new ArrayList<>();
                for (Future<String> one : all) {
                    committed.add(one.get(Patience.SECONDS, TimeUnit.SECONDS));
                }
                committed.removeIf(String::isEmpty);
                assertThat(committed.stream().filter("forward PASS"::equals).count())
                        .as(key + committed)
                        .isLessThanOrEqualTo(1);
                long undone =
                        committed.stream().filter("compensate PASS"::equals).count();
                long empty =
                        committed.stream().filter("compensate EMPTY"::equals).count();
                assertThat(undone + empty).as(key + committed).isLessThanOrEqualTo(1);
                if (committed.contains("forward PASS")) {
                    assertThat(committed).as(key).doesNotContain("compensate EMPTY", "forward REFUSED");
                }
                if (empty == 1) {
                    assertThat(committed).as(key).doesNotContain("forward PASS", "forward DUPLICATE");
                }
                if (committed.stream().anyMatch(c -> c.startsWith("compensate"))) {
                    assertThat(undone + empty).as(key + committed).isEqualTo(1);
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void purgesWhatIsOlderThanTheWindowOnly() {
        barrier.forward("old", "reserve");
        barrier.forward("new", "reserve");
        age("old");
        assertThat(barrier.purge(Duration.ofDays(30), 100)).isEqualTo(1);
        assertThat(barrier.forward("new", "reserve")).isEqualTo(Forward.DUPLICATE);
    }

    @Test
    void purgesSoManyAtATime() {
        for (int i = 0; i < 25; i++) {
            barrier.forward("many-" + i, "reserve");
            age("many-" + i);
        }
        assertThat(barrier.purge(Duration.ofDays(30), 10)).isEqualTo(10);
        assertThat(barrier.purge(Duration.ofDays(30), 10)).isEqualTo(10);
        assertThat(barrier.purge(Duration.ofDays(30), 10)).isEqualTo(5);
        assertThat(barrier.purge(Duration.ofDays(30), 10)).isZero();
    }

    @Test
    void keepsWhatBelongsToAProcessThatIsUnderWayHowOldSoever() {
        for (String process : List.of("open", "ended", "set-aside")) {
            assertThat(barrier.compensate(process, "reserve")).isEqualTo(Compensation.EMPTY);
            age(process);
        }
        world.admin.update(
                "insert into farandole.saga (saga_type, process_key, state, state_version, version, ended_at)"
                        + " values ('S', 'open', '{}', 1, 1, null), ('S', 'ended', '{}', 1, 1, now())");
        world.admin.update(
                "insert into farandole.parked_process (processor, process_key, status, attempts, next_attempt_at,"
                        + " failed_position, failed_event_id, failed_event_type, error_class, stack_trace)"
                        + " values ('p', 'set-aside', 'PARKED', 1, now(), 1, 'e', 't', 'c', 's')");
        assertThat(barrier.purge(Duration.ofDays(30), 100)).isEqualTo(1);
        assertThat(barrier.forward("open", "reserve")).isEqualTo(Forward.REFUSED);
        assertThat(barrier.forward("set-aside", "reserve")).isEqualTo(Forward.REFUSED);
        assertThat(barrier.forward("ended", "reserve")).as("forgotten").isEqualTo(Forward.PASS);

        world.admin.update("update farandole.saga set ended_at = now() where process_key = 'open'");
        world.admin.update("delete from farandole.parked_process");
        assertThat(barrier.purge(Duration.ofDays(30), 100)).isEqualTo(2);
    }

    /** The purge has found the row old; before it has the row's lock, a compensation renews it. */
    @Test
    void keepsWhatACompensationRenewsAtTheSameMoment() throws Exception {
        assertThat(barrier.forward("renewed", "reserve")).isEqualTo(Forward.PASS);
        age("renewed");
        var transaction = world.transactions.startTransaction();
        assertThat(barrier.compensate("renewed", "reserve")).isEqualTo(Compensation.PASS);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            assertThat(other.submit(() -> barrier.purge(Duration.ofDays(30), 100))
                            .get(Patience.SECONDS, TimeUnit.SECONDS))
                    .as("waits for nobody")
                    .isZero();
        } finally {
            other.shutdownNow();
        }
        transaction.commit();
        assertThat(barrier.purge(Duration.ofDays(30), 100)).isZero();
        assertThat(barrier.forward("renewed", "reserve")).isEqualTo(Forward.DUPLICATE);
    }

    private static void age(String process) {
        world.admin.update(
                "update farandole.barrier set touched_at = touched_at - interval '40 days' where process_key = ?",
                process);
    }

    private static String inTransaction(boolean rollBack, Supplier<String> step) {
        var transaction = world.transactions.startTransaction();
        try {
            String answer = step.get();
            if (rollBack) {
                transaction.rollback();
                return "";
            }
            transaction.commit();
            return answer;
        } catch (RuntimeException e) {
            transaction.rollback();
            throw e;
        }
    }
}
