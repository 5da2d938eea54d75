package io.farandole.participant;

import static io.farandole.participant.Ledger.branch;
import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.participant.Answer.Verdict;
import io.farandole.testservers.Patience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What the barrier answers, state by state, against a real database. */
class BranchBarrierIT {

    private static final byte[] REQUEST = "{\"amount\":100}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] OTHER = "{\"amount\":999}".getBytes(StandardCharsets.UTF_8);

    private static Ledger ledger;

    @BeforeAll
    static void open() {
        ledger = new Ledger();
    }

    @AfterAll
    static void close() {
        ledger.close();
    }

    @AfterEach
    void leaksNoConnection() {
        assertThat(ledger.pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    }

    @Test
    void commitsOnceAndAnswersAgain() throws Exception {
        Branch branch = branch("once", "1");
        Answer first = ledger.barrier.commit(branch, REQUEST, () -> {
            ledger.book(branch, 100);
            return Answer.of(Verdict.DONE, 201, null, null, "text/plain", bytes("number 7"));
        });
        Answer again = ledger.barrier.commit(branch, REQUEST, BranchBarrierIT::mustNotAct);
        for (Answer answer : List.of(first, again)) {
            assertThat(answer.verdict()).isEqualTo(Verdict.DONE);
            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.contentType()).isEqualTo("text/plain");
            assertThat(answer.body()).isEqualTo(bytes("number 7"));
        }
        assertThat(ledger.effects(branch)).isEqualTo("1:100");
        assertThat(ledger.state(branch)).isEqualTo("COMMITTED");
    }

    @Test
    void refusesAnotherRequestUnderTheSameIds() throws Exception {
        Branch branch = branch("other", "1");
        commit(branch);
        Answer answer = ledger.barrier.commit(branch, OTHER, BranchBarrierIT::mustNotAct);
        assertThat(answer.verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.reason()).isEqualTo(Answer.INVALID);
        assertThat(commit(branch).verdict()).isEqualTo(Verdict.DONE);
        assertThat(ledger.effects(branch)).isEqualTo("1:100");
    }

    @Test
    void compensatesOnceAndAnswersAgain() throws Exception {
        Branch branch = branch("undo", "1");
        commit(branch);
        Answer first = ledger.barrier.compensate(branch, () -> {
            ledger.book(branch, -100);
            return Answer.of(Verdict.DONE, 200, null, null, "text/plain", bytes("taken back"));
        });
        Answer again = ledger.barrier.compensate(branch, BranchBarrierIT::mustNotAct);
        assertThat(first.body()).isEqualTo(again.body()).isEqualTo(bytes("taken back"));
        assertThat(ledger.effects(branch)).isEqualTo("2:0");
        assertThat(ledger.state(branch)).isEqualTo("COMPENSATED");
    }

    @Test
    void refusesACommitAfterItsCompensation() throws Exception {
        Branch branch = branch("late", "1");
        commit(branch);
        compensate(branch);
        for (byte[] request : List.of(REQUEST, OTHER)) {
            Answer late = ledger.barrier.commit(branch, request, BranchBarrierIT::mustNotAct);
            assertThat(late.verdict()).isEqualTo(Verdict.REFUSED);
            assertThat(late.status()).isEqualTo(409);
            assertThat(late.reason()).isEqualTo(Answer.COMPENSATED_BEFORE);
        }
        assertThat(ledger.effects(branch)).isEqualTo("2:0");
    }

    @Test
    void compensatesWhatNeverCameAndRefusesItWhenItComes() throws Exception {
        Branch branch = branch("empty", "1");
        for (int i = 0; i < 2; i++) {
            Answer answer = ledger.barrier.compensate(branch, BranchBarrierIT::mustNotAct);
            assertThat(answer.verdict()).isEqualTo(Verdict.DONE);
            assertThat(answer.status()).isEqualTo(200);
        }
        assertThat(ledger.state(branch)).isEqualTo("COMPENSATED with nothing undone");
        assertThat(ledger.barrier
                        .commit(branch, REQUEST, BranchBarrierIT::mustNotAct)
                        .reason())
                .isEqualTo(Answer.COMPENSATED_BEFORE);
        assertThat(ledger.effects(branch)).isEqualTo("0:0");
    }

    @Test
    void remembersARefusalWithoutItsEffect() throws Exception {
        Branch branch = branch("refused", "1");
        Answer first = refuse(branch);
        Answer again = ledger.barrier.commit(branch, REQUEST, BranchBarrierIT::mustNotAct);
        for (Answer answer : List.of(first, again)) {
            assertThat(answer.verdict()).isEqualTo(Verdict.REFUSED);
            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.reason()).isEqualTo("ACCOUNT_CLOSED");
            assertThat(answer.text()).isEqualTo("It is closed");
        }
        assertThat(ledger.effects(branch)).isEqualTo("0:0");
        assertThat(ledger.state(branch)).isEqualTo("REFUSED");
        assertThat(ledger.barrier
                        .commit(branch, OTHER, BranchBarrierIT::mustNotAct)
                        .reason())
                .isEqualTo(Answer.INVALID);
    }

    @Test
    void compensatesARefusedCommitWithNothingToUndo() throws Exception {
        Branch branch = branch("refused", "2");
        refuse(branch);
        Answer answer = ledger.barrier.compensate(branch, BranchBarrierIT::mustNotAct);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.reason()).isNull();
        assertThat(ledger.state(branch)).isEqualTo("COMPENSATED with nothing undone");
        assertThat(ledger.barrier
                        .commit(branch, REQUEST, BranchBarrierIT::mustNotAct)
                        .reason())
                .isEqualTo(Answer.COMPENSATED_BEFORE);
    }

    @Test
    void triesARefusedCompensationAgain() throws Exception {
        Branch branch = branch("spent", "1");
        commit(branch);
        for (int i = 0; i < 2; i++) {
            Answer refused = ledger.barrier.compensate(branch, () -> {
                ledger.book(branch, -100);
                return Answer.refused("INSUFFICIENT_FUNDS", "It is spent");
            });
            assertThat(refused.reason()).isEqualTo("INSUFFICIENT_FUNDS");
            assertThat(ledger.effects(branch)).isEqualTo("1:100");
            assertThat(ledger.state(branch)).isEqualTo("COMPENSATION_REFUSED");
            assertThat(commit(branch).verdict()).as("a duplicate commit").isEqualTo(Verdict.DONE);
        }
        assertThat(compensate(branch).verdict()).isEqualTo(Verdict.DONE);
        assertThat(ledger.effects(branch)).isEqualTo("2:0");
        assertThat(ledger.state(branch)).isEqualTo("COMPENSATED");
    }

    @Test
    void forgetsWhatFailed() throws Exception {
        Branch branch = branch("failed", "1");
        Answer failed = ledger.barrier.commit(branch, REQUEST, () -> {
            ledger.book(branch, 100);
            return Answer.of(Verdict.FAILED, 503, "DOWN", null, null, bytes(""));
        });
        assertThat(failed.status()).isEqualTo(503);
        assertThat(ledger.state(branch)).isEqualTo("unknown");
        assertThat(ledger.effects(branch)).isEqualTo("0:0");
        ledger.barrier.commit(branch, OTHER, () -> booked(branch, 999));
        assertThat(ledger.effects(branch)).isEqualTo("1:999");
    }

    @Test
    void rollsBackWhateverIsThrownAtEitherStep() throws Exception {
        for (Throwable thrown :
                List.of(new IllegalStateException("boom"), new IOException("boom"), new StackOverflowError("boom"))) {
            Branch branch = branch("thrown", thrown.getClass().getSimpleName());
            assertThatThrownBy(() -> ledger.barrier.commit(branch, REQUEST, () -> {
                        ledger.book(branch, 100);
                        return raise(thrown);
                    }))
                    .isSameAs(thrown);
            assertThat(ledger.state(branch)).isEqualTo("unknown");
            assertThat(ledger.effects(branch)).isEqualTo("0:0");
            commit(branch);
            assertThatThrownBy(() -> ledger.barrier.compensate(branch, () -> {
                        ledger.book(branch, -100);
                        return raise(thrown);
                    }))
                    .isSameAs(thrown);
            assertThat(ledger.state(branch)).isEqualTo("COMMITTED");
            assertThat(ledger.effects(branch)).isEqualTo("1:100");
        }
    }

    @Test
    void doesNotLetAnActionGoOnAfterItsTransactionIsSpoilt() {
        Branch branch = branch("spoilt", "1");
        assertThatThrownBy(() -> ledger.barrier.commit(branch, REQUEST, () -> {
                    try {
                        ledger.jdbc.execute("select 1 / 0");
                    } catch (RuntimeException swallowed) {
                        // as careless handlers do
                    }
                    return Answer.done();
                }))
                .hasMessageContaining("current transaction is aborted");
        assertThat(ledger.state(branch)).isEqualTo("unknown");
    }

    @Test
    void remembersARefusalThatFollowsAFailedStatement() throws Exception {
        Branch branch = branch("spoilt", "2");
        Answer answer = ledger.barrier.commit(branch, REQUEST, () -> {
            try {
                ledger.jdbc.execute("select 1 / 0");
            } catch (RuntimeException expected) {
                return Answer.refused("NO_NUMBER", "That cannot be divided");
            }
            return Answer.done();
        });
        assertThat(answer.reason()).isEqualTo("NO_NUMBER");
        assertThat(ledger.state(branch)).isEqualTo("REFUSED");
    }

    @Test
    void hasOneEffectHoweverManyComeAtOnce() throws Exception {
        Branch branch = branch("many", "1");
        AtomicInteger acted = new AtomicInteger();
        List<Answer> answers = allAtOnce(
                32,
                () -> ledger.barrier.commit(branch, REQUEST, () -> {
                    acted.incrementAndGet();
                    return booked(branch, 100);
                }));
        assertThat(answers).allMatch(answer -> answer.verdict() == Verdict.DONE);
        assertThat(acted).hasValue(1);
        assertThat(ledger.effects(branch)).isEqualTo("1:100");
        List<Answer> undone = allAtOnce(32, () -> ledger.barrier.compensate(branch, () -> booked(branch, -100)));
        assertThat(undone).allMatch(answer -> answer.verdict() == Verdict.DONE);
        assertThat(ledger.effects(branch)).isEqualTo("2:0");
    }

    @Test
    void answersARefusalOnceForAllThatComeAtOnce() throws Exception {
        Branch branch = branch("many", "refused");
        List<Answer> answers = allAtOnce(16, () -> refuse(branch));
        assertThat(answers).allMatch(answer -> "ACCOUNT_CLOSED".equals(answer.reason()));
        assertThat(ledger.effects(branch)).isEqualTo("0:0");
        assertThat(ledger.state(branch)).isEqualTo("REFUSED");
    }

    /** Whatever the order: after all of it nothing is left, and nobody was told that it is there once it was not. */
    @Test
    void leavesNothingBehindWhenCommitsAndCompensationsRace() throws Exception {
        Random random = new Random(20261122);
        for (int round = 0; round < 40; round++) {
            Branch branch = branch("race", String.valueOf(round));
            List<Callable<Answer>> calls = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int kind = random.nextInt(4);
                calls.add(
                        switch (kind) {
                            case 0 -> () -> compensate(branch);
                            case 1 -> () -> refuse(branch);
                            default -> () -> commit(branch);
                        });
            }
            together(calls);
            assertThat(compensate(branch).verdict()).isEqualTo(Verdict.DONE);
            assertThat(ledger.effects(branch)).as("round " + round).isIn("0:0", "2:0");
            assertThat(commit(branch).reason()).isEqualTo(Answer.COMPENSATED_BEFORE);
        }
    }

    @Test
    void waitsForTheFirstButNotForEver() throws Exception {
        BranchBarrier impatient = new BranchBarrier(ledger.pool, ledger.transactionManager, Ledger.IMPATIENT);
        Branch branch = branch("busy", "1");
        CountDownLatch acting = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            Future<Answer> first = threads.submit(() -> ledger.barrier.commit(branch, REQUEST, () -> {
                acting.countDown();
                assertThat(go.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
                return booked(branch, 100);
            }));
            assertThat(acting.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(() -> impatient.commit(branch, REQUEST, BranchBarrierIT::mustNotAct))
                    .isInstanceOf(BranchBusyException.class)
                    .hasMessageContaining("busy/1");
            assertThatThrownBy(() -> impatient.compensate(branch, BranchBarrierIT::mustNotAct))
                    .isInstanceOf(BranchBusyException.class);
            go.countDown();
            assertThat(first.get(Patience.SECONDS, TimeUnit.SECONDS).verdict()).isEqualTo(Verdict.DONE);
        } finally {
            go.countDown();
            threads.shutdownNow();
        }
        assertThat(impatient
                        .commit(branch, REQUEST, BranchBarrierIT::mustNotAct)
                        .verdict())
                .isEqualTo(Verdict.DONE);
    }

    @Test
    void boundsItsOwnWaitsAndNotTheActions() throws Exception {
        Branch branch = branch("bounds", "1");
        ledger.barrier.commit(branch, REQUEST, () -> {
            assertThat(ledger.jdbc.queryForObject("show lock_timeout", String.class))
                    .isEqualTo("0");
            return Answer.done();
        });
        new TransactionTemplate(ledger.transactionManager).executeWithoutResult(status -> assertThat(
                        ledger.jdbc.queryForObject("show lock_timeout", String.class))
                .isEqualTo("0"));
    }

    /** As if the service were killed between effect and commit: its session ends, and nothing of it remains. */
    @Test
    void forgetsEverythingWhenTheSessionEndsBetweenEffectAndCommit() throws Exception {
        Branch branch = branch("killed", "1");
        assertThatThrownBy(() -> ledger.barrier.commit(branch, REQUEST, () -> {
                    booked(branch, 100);
                    Integer pid = ledger.jdbc.queryForObject("select pg_backend_pid()", Integer.class);
                    new JdbcTemplate(ledger.database.adminDataSource())
                            .queryForObject("select pg_terminate_backend(?)", Boolean.class, pid);
                    return Answer.done();
                }))
                .isInstanceOf(RuntimeException.class);
        await().untilAsserted(() -> {
            assertThat(ledger.effects(branch)).isEqualTo("0:0");
            assertThat(ledger.state(branch)).isEqualTo("unknown");
        });
        commit(branch);
        assertThat(ledger.effects(branch)).isEqualTo("1:100");
    }

    @Test
    void purgesWhatIsOldAndKeepsWhatIsNotUndone() throws Exception {
        Branch old = branch("purge", "old");
        Branch recent = branch("purge", "new");
        Branch stuck = branch("purge", "stuck");
        for (Branch branch : List.of(old, recent, stuck)) {
            commit(branch);
        }
        ledger.barrier.compensate(stuck, () -> Answer.refused("INSUFFICIENT_FUNDS", "It is spent"));
        for (Branch branch : List.of(old, stuck)) {
            ledger.jdbc.update(
                    "update participant_branch set touched_at = touched_at - interval '31 days' where branch_id = ?",
                    branch.branchId());
        }
        assertThat(ledger.barrier.purge(Duration.ofDays(30), 100)).isEqualTo(1);
        assertThat(ledger.state(old)).isEqualTo("unknown");
        assertThat(ledger.state(recent)).isEqualTo("COMMITTED");
        assertThat(ledger.state(stuck)).isEqualTo("COMPENSATION_REFUSED");
        commit(old);
        assertThat(ledger.effects(old)).as("what a purge costs").isEqualTo("2:200");
    }

    @Test
    void refusesToWorkInsideAnotherTransaction() {
        assertThatThrownBy(() -> new TransactionTemplate(ledger.transactionManager)
                        .executeWithoutResult(status -> assertThatThrownBy(() -> commit(branch("inside", "1")))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("outside of it")
                                .satisfies(refused -> {
                                    throw new IllegalStateException("as expected");
                                })))
                .hasMessage("as expected");
    }

    @Test
    void refusesATransactionManagerOfAnotherDataSource() {
        PGSimpleDataSource other = new PGSimpleDataSource();
        other.setUrl(ledger.database.url());
        other.setUser(ledger.database.appUser());
        other.setPassword(ledger.database.appPassword());
        BranchBarrier wrong = new BranchBarrier(ledger.pool, new JdbcTransactionManager(other));
        assertThatThrownBy(() -> wrong.commit(branch("wrong", "1"), REQUEST, BranchBarrierIT::mustNotAct))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("does not manage the barrier's data source");
    }

    @Test
    void failsAnAnswerThatIsTooLongToRemember() {
        BranchBarrier barrier = new BranchBarrier(ledger.pool, ledger.transactionManager, Ledger.IMPATIENT);
        Branch branch = branch("long", "1");
        assertThatThrownBy(() -> barrier.commit(branch, REQUEST, () -> {
                    ledger.book(branch, 100);
                    return Answer.of(Verdict.DONE, 200, null, null, "text/plain", new byte[1025]);
                }))
                .hasMessageContaining("maxAnswer");
        assertThat(ledger.effects(branch)).isEqualTo("0:0");
    }

    @Test
    void tellsApartParticipantsThatShareADatabase() throws Exception {
        for (String bank : List.of("north", "south")) {
            Branch branch = new Branch(bank, "shared", "1");
            ledger.barrier.commit(branch, bytes(bank), () -> booked(branch, 100));
        }
        assertThat(ledger.effects(branch("shared", "1"))).isEqualTo("2:200");
    }

    private static Answer commit(Branch branch) throws Exception {
        return ledger.barrier.commit(branch, REQUEST, () -> booked(branch, 100));
    }

    private static Answer compensate(Branch branch) throws Exception {
        return ledger.barrier.compensate(branch, () -> booked(branch, -100));
    }

    private static Answer refuse(Branch branch) throws Exception {
        return ledger.barrier.commit(branch, REQUEST, () -> {
            ledger.book(branch, 100);
            return Answer.refused("ACCOUNT_CLOSED", "It is closed");
        });
    }

    private static Answer booked(Branch branch, long amount) {
        ledger.book(branch, amount);
        return Answer.done();
    }

    private static Answer mustNotAct() {
        throw new AssertionError("carried out, and must not be");
    }

    private static Answer raise(Throwable thrown) throws Exception {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (Exception) thrown;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<Answer> allAtOnce(int threads, Callable<Answer> call) throws Exception {
        List<Callable<Answer>> calls = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            calls.add(call);
        }
        return together(calls);
    }

    private static List<Answer> together(List<Callable<Answer>> calls) throws Exception {
        CyclicBarrier start = new CyclicBarrier(calls.size());
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        try {
            List<Future<Answer>> futures = new ArrayList<>();
            for (Callable<Answer> call : calls) {
                futures.add(threads.submit(() -> {
                    start.await(Patience.SECONDS, TimeUnit.SECONDS);
                    return call.call();
                }));
            }
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> future : futures) {
                answers.add(future.get(Patience.SECONDS, TimeUnit.SECONDS));
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }
}
