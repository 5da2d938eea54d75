package io.farandole.participant;

import static io.farandole.participant.Ledger.branch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.participant.Answer.Verdict;
import io.farandole.testservers.Patience;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Branches in two phases, against a real database: try, confirm, cancel, expiry, and whatever comes twice, too early or too late. */
class BranchHoldIT {

    private static final byte[] REQUEST = "{\"amount\":100}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] OTHER = "{\"amount\":999}".getBytes(StandardCharsets.UTF_8);
    private static final Duration LONG = Duration.ofDays(1);

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
    void isHeldOnceAndConfirmedOnce() throws Exception {
        Branch branch = branch("hold", "1");
        for (int i = 0; i < 3; i++) {
            assertThat(hold(branch, LONG).verdict()).isEqualTo(Verdict.DONE);
        }
        assertThat(ledger.state(branch)).isEqualTo("HELD");
        for (int i = 0; i < 3; i++) {
            assertThat(confirm(branch, REQUEST).verdict()).isEqualTo(Verdict.DONE);
        }
        assertThat(ledger.state(branch)).isEqualTo("COMMITTED");
        assertThat(ledger.effects(branch)).isEqualTo("2:100");
        assertThat(hold(branch, LONG).verdict()).as("late, and again").isEqualTo(Verdict.DONE);
        assertThat(ledger.effects(branch)).isEqualTo("2:100");
        ledger.barrier.compensate(branch, () -> book(branch, -100));
        assertThat(ledger.effects(branch)).as("what is confirmed can be undone").isEqualTo("3:0");
    }

    @Test
    void isLetGoInsteadAndNeverConfirmedAfterwards() throws Exception {
        Branch branch = branch("cancel", "1");
        hold(branch, LONG);
        for (int i = 0; i < 2; i++) {
            assertThat(ledger.barrier.compensate(branch, () -> book(branch, 0)).verdict())
                    .isEqualTo(Verdict.DONE);
        }
        assertThat(ledger.effects(branch)).isEqualTo("2:0");
        assertThat(confirm(branch, REQUEST).reason()).isEqualTo(Answer.COMPENSATED_BEFORE);
        assertThat(hold(branch, LONG).reason()).isEqualTo(Answer.COMPENSATED_BEFORE);
        assertThat(ledger.effects(branch)).isEqualTo("2:0");
    }

    @Test
    void aCancelThatComesBeforeItsTryLeavesATombstone() throws Exception {
        Branch branch = branch("empty", "1");
        ledger.barrier.compensate(branch, BranchHoldIT::mustNotAct);
        assertThat(hold(branch, LONG).reason()).isEqualTo(Answer.COMPENSATED_BEFORE);
        assertThat(confirm(branch, REQUEST).reason()).isEqualTo(Answer.COMPENSATED_BEFORE);
        assertThat(ledger.effects(branch)).isEqualTo("0:0");
    }

    @Test
    void whatIsNotHeldIsNotConfirmed() throws Exception {
        Branch never = branch("never", "1");
        assertThat(confirm(never, REQUEST).reason()).isEqualTo(Answer.NOT_HELD);
        assertThat(hold(never, LONG).verdict()).as("nothing was remembered").isEqualTo(Verdict.DONE);
        Branch refused = branch("refused", "1");
        ledger.barrier.hold(refused, REQUEST, LONG, () -> Answer.refused("NO", "no"));
        assertThat(confirm(refused, REQUEST).reason()).isEqualTo(Answer.NOT_HELD);
        assertThat(hold(refused, LONG).reason()).isEqualTo("NO");
        Branch whole = branch("whole", "1");
        ledger.barrier.commit(whole, REQUEST, () -> book(whole, 100));
        assertThat(confirm(whole, REQUEST).reason()).isEqualTo(Answer.INVALID);
        assertThat(hold(whole, LONG).reason()).isEqualTo(Answer.INVALID);
        assertThat(ledger.effects(whole)).isEqualTo("1:100");
    }

    @Test
    void anotherRequestIsNeitherHeldNorConfirmed() throws Exception {
        Branch branch = branch("other", "1");
        hold(branch, LONG);
        assertThat(confirm(branch, OTHER).reason()).isEqualTo(Answer.INVALID);
        assertThat(ledger.barrier
                        .hold(branch, OTHER, LONG, BranchHoldIT::mustNotAct)
                        .reason())
                .isEqualTo(Answer.INVALID);
        assertThat(ledger.barrier
                        .commit(branch, REQUEST, BranchHoldIT::mustNotAct)
                        .reason())
                .as("at once, what is held")
                .isEqualTo(Answer.INVALID);
        assertThat(ledger.state(branch)).isEqualTo("HELD");
    }

    @Test
    void aConfirmationThatFailsIsTriedAgain() throws Exception {
        Branch branch = branch("fails", "1");
        hold(branch, LONG);
        assertThatThrownBy(() -> ledger.barrier.confirm(branch, REQUEST, () -> {
                    ledger.book(branch, 100);
                    throw new IllegalStateException("dies");
                }))
                .hasMessage("dies");
        assertThat(ledger.barrier
                        .confirm(branch, REQUEST, () -> Answer.refused("LATER", "not now"))
                        .reason())
                .isEqualTo("LATER");
        assertThat(ledger.effects(branch)).isEqualTo("1:0");
        assertThat(confirm(branch, REQUEST).verdict()).isEqualTo(Verdict.DONE);
        assertThat(ledger.effects(branch)).isEqualTo("2:100");
    }

    @Test
    void whatIsHeldForTooLongIsLetGoOnce() throws Exception {
        Branch branch = branch("expires", "1");
        Branch confirmed = branch("expires", "2");
        Branch stays = branch("expires", "3");
        holdForNoTime(branch);
        holdForNoTime(confirmed);
        hold(stays, LONG);
        confirm(confirmed, REQUEST);
        assertThat(ledger.barrier.expire(100, it -> Answer.refused("NO", "not now")))
                .isZero();
        assertThat(ledger.state(branch)).isEqualTo("HELD");
        assertThat(ledger.barrier.expire(100, it -> book(it, 0))).isEqualTo(1);
        assertThat(ledger.barrier.expire(100, it -> book(it, 0))).isZero();
        assertThat(ledger.state(branch)).isEqualTo("COMPENSATED");
        assertThat(ledger.state(stays)).isEqualTo("HELD");
        assertThat(ledger.state(confirmed)).isEqualTo("COMMITTED");
        assertThat(confirm(branch, REQUEST).reason()).isEqualTo(Answer.EXPIRED);
        assertThat(hold(branch, LONG).reason()).isEqualTo(Answer.EXPIRED);
        assertThat(ledger.barrier.compensate(branch, BranchHoldIT::mustNotAct).verdict())
                .isEqualTo(Verdict.DONE);
        assertThat(ledger.effects(branch)).isEqualTo("2:0");
    }

    @Test
    void oneThatCannotBeLetGoOfKeepsNoOtherOne() throws Exception {
        Branch stuck = branch("stuck", "1");
        Branch other = branch("stuck", "2");
        holdForNoTime(stuck);
        holdForNoTime(other);
        assertThatThrownBy(() -> ledger.barrier.expire(100, it -> {
                    if (it.equals(stuck)) {
                        throw new IllegalStateException("stays");
                    }
                    return book(it, 0);
                }))
                .hasMessage("stays");
        assertThat(ledger.state(stuck)).isEqualTo("HELD");
        assertThat(ledger.state(other)).isEqualTo("COMPENSATED");
        assertThat(ledger.barrier.expire(100, it -> book(it, 0))).isEqualTo(1);
    }

    @Test
    void confirmationCancellationAndExpiryAtOnceEndItInOneWay() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(6);
        try {
            for (int round = 0; round < 30; round++) {
                Branch branch = branch("at-once", "" + round);
                holdForNoTime(branch);
                List<Future<?>> calls = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    calls.add(callers.submit(() -> confirm(branch, REQUEST)));
                    calls.add(callers.submit(() -> ledger.barrier.compensate(branch, () -> undo(branch))));
                    calls.add(callers.submit(() -> ledger.barrier.expire(10, BranchHoldIT::undo)));
                }
                for (Future<?> call : calls) {
                    call.get(Patience.SECONDS, TimeUnit.SECONDS);
                }
                // Held (0); confirmed (100) or not; and undone, whichever of the two it was.
                assertThat(ledger.state(branch)).isEqualTo("COMPENSATED");
                assertThat(ledger.effects(branch)).isIn("2:0", "3:0");
            }
        } finally {
            callers.shutdownNow();
        }
    }

    /** Of what was confirmed a hundred, of what is held nothing. */
    private static Answer undo(Branch branch) {
        return book(branch, ledger.effects(branch).equals("2:100") ? -100 : 0);
    }

    private static Answer hold(Branch branch, Duration keep) throws Exception {
        return ledger.barrier.hold(branch, REQUEST, keep, () -> book(branch, 0));
    }

    /** Returns when its time is over, which a millisecond after it has begun need not be. */
    private static void holdForNoTime(Branch branch) throws Exception {
        hold(branch, Duration.ofMillis(1));
        Patience.await().until(() -> ledger.isOverdue(branch));
    }

    private static Answer confirm(Branch branch, byte[] request) throws Exception {
        return ledger.barrier.confirm(branch, request, () -> book(branch, 100));
    }

    private static Answer book(Branch branch, long amount) {
        ledger.book(branch, amount);
        return Answer.done();
    }

    private static Answer mustNotAct() {
        throw new AssertionError("The action must not be called");
    }
}
