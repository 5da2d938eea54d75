package io.farandole.saga;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.saga.payroll.PayrollMessages.FundsReserved;
import io.farandole.saga.payroll.PayrollMessages.PayrollCalculated;
import io.farandole.saga.payroll.PayrollMessages.SalariesPaid;
import io.farandole.saga.payroll.PayrollSaga;
import io.farandole.saga.step.StepPlan;
import io.farandole.saga.step.StepStatus;
import io.farandole.saga.step.StepView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CompensationOrderTest {

    private static final StepPlan PLAN = StepPlan.of(
            PayrollSaga.class,
            "Payroll",
            event -> true,
            Set.of(),
            text -> text.replace("${payroll.funds-limit}", "1 s"));

    @Test
    void whatBeganAfterTheSuccessComesFirst() {
        assertThat(turn(succeeded("funds", 1, 2), succeeded("salaries", 2, 3), succeeded("taxes", 3, 4)))
                .containsExactly("taxes");
        assertThat(turn(succeeded("funds", 1, 2), succeeded("salaries", 2, 3))).containsExactly("salaries");
        assertThat(turn(succeeded("funds", 1, 2))).containsExactly("funds");
    }

    @Test
    void whatRanBesideEachOtherIsUndoneBesideEachOther() {
        assertThat(turn(succeeded("funds", 1, 2), succeeded("salaries", 2, 4), succeeded("taxes", 2, 3)))
                .containsExactly("taxes", "salaries");
        assertThat(turn(succeeded("salaries", 1, 5), succeeded("taxes", 2, 4))).containsExactly("taxes", "salaries");
    }

    @Test
    void whatBeganAndSucceededInOneEventRanBesideEachOther() {
        assertThat(turn(succeeded("salaries", 2, 2), succeeded("taxes", 2, 2))).containsExactly("taxes", "salaries");
    }

    @Test
    void whatIsPendingHoldsUpOnlyWhatItMayBuildOn() {
        StepView pending = entry("salaries", StepStatus.PENDING, 3, null);
        assertThat(turn(succeeded("funds", 1, 2), pending)).isEmpty();
        assertThat(turn(succeeded("funds", 1, 4), pending)).containsExactly("funds");
    }

    @Test
    void whatHasTheBarrierIsUndoneWhileItIsPending() {
        assertThat(turn(succeeded("funds", 1, 2), entry("taxes", StepStatus.PENDING, 2, null)))
                .containsExactly("taxes");
    }

    @Test
    void whatIsSettledHoldsUpNothing() {
        assertThat(turn(
                        succeeded("funds", 1, 2),
                        entry("salaries", StepStatus.COMPENSATED, 2, 3),
                        entry("taxes", StepStatus.FAILED, 2, null),
                        succeeded("booking", 3, 4)))
                .as("booking is irreversible")
                .containsExactly("funds");
    }

    @Test
    void timesTellWhereAVersionHasNotCounted() {
        Instant noon = Instant.parse("2026-03-01T12:00:00Z");
        StepView funds = new StepView(
                "funds", StepStatus.SUCCEEDED, 1, noon, noon.plusSeconds(1), null, false, null, null, null);
        StepView salaries = new StepView(
                "salaries",
                StepStatus.SUCCEEDED,
                1,
                noon.plusSeconds(2),
                noon.plusSeconds(3),
                null,
                false,
                null,
                null,
                null);
        assertThat(turn(funds, salaries)).containsExactly("salaries");
    }

    @Test
    void whatSucceedsAfterAllWasUndoneIsUndoneToo() {
        StepLog log = new StepLog(PLAN, List.of(), Clock.systemUTC(), new StepLimits() {
            @Override
            public void schedule(String deadline, Duration in) {}

            @Override
            public void cancel(String deadline) {}
        });
        UndoingLog undoing = log.undoing();
        log.heard(PayrollCalculated.class, "e1", true);
        undoing.begin("no longer wanted", "e1");
        undoing.skipUnbegun("e1");
        assertThat(undoing.turn()).isEmpty();
        log.heard(FundsReserved.class, "e2", false);
        undoing.compensating("funds", "e2");
        log.settle("funds", StepStatus.COMPENSATED, null, "e3");
        assertThat(undoing.ends("e3")).isTrue();
        assertThat(undoing.ends("e3")).isFalse();
        assertThat(undoing.isUnderWay()).isFalse();

        log.heard(SalariesPaid.class, "e4", false);
        assertThat(undoing.turn()).containsExactly("salaries");
        undoing.compensating("salaries", "e4");
        assertThat(undoing.isUnderWay()).isTrue();
    }

    private static List<String> turn(StepView... entries) {
        return new CompensationOrder(PLAN, List.of(entries)).turn();
    }

    private static StepView succeeded(String step, int began, int done) {
        return entry(step, StepStatus.SUCCEEDED, began, done);
    }

    private static StepView entry(String step, StepStatus status, int began, @Nullable Integer done) {
        return new StepView(step, status, 1, Instant.EPOCH, Instant.EPOCH, null, false, null, began, done);
    }
}
