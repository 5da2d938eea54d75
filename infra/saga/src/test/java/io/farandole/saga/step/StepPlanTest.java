package io.farandole.saga.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

class StepPlanTest {

    @Test
    void isEmptyForASagaWithoutSteps() {
        assertThat(plan(NoSteps.class).steps()).isEmpty();
    }

    @Test
    void refusesAStepWithoutATimeLimit() {
        refuses(
                NoLimit.class,
                "Step 'pay' of saga " + NoLimit.class.getName() + " has no time limit: say how long it may take"
                        + " (timeLimit = ...), or name the deadline that limits it (deadline = ...), or the kind of outside"
                        + " call that it is (outsideCall = ...)");
    }

    @Test
    void needsNoTimeLimitForWhatIsDoneAtOnce() {
        assertThat(plan(AtOnce.class).steps().get(0).limit()).isEqualTo("nothing, it is done at once");
    }

    @Test
    void refusesADeadlineThatNobodyHandles() {
        refuses(
                UnknownDeadline.class,
                "Step 'pay' of saga " + UnknownDeadline.class.getName()
                        + " is limited by deadline 'never', but the saga has no @DeadlineHandler of that name");
    }

    @Test
    void refusesAStepThatCanNeitherBeUndoneNorSaysWhyNot() {
        refuses(
                NoCompensation.class,
                "Step 'pay' of saga " + NoCompensation.class.getName() + " has no compensation: say what undoes it"
                        + " (compensation = ...), or why nothing does (irreversible = ...)");
    }

    @Test
    void refusesAnEventThatTheSagaDoesNotHear() {
        assertThatThrownBy(() -> StepPlan.of(Good.class, "Good", event -> event != Paid.class, Set.of("limit")))
                .hasMessage("Step 'pay' of saga " + Good.class.getName() + " names " + Paid.class.getName()
                        + ", for which the saga has no handler: it would not hear of it");
    }

    @Test
    void refusesAnOutsideCallThatNobodyMakes() {
        StepPlan plan = plan(Called.class);
        plan.requireOutsideCalls(Set.of("pay", "refund"));
        assertThatThrownBy(() -> plan.requireOutsideCalls(Set.of("refund", "mail")))
                .hasMessage("Step 'pay' of saga Called is limited by outside call pay, but this context makes no such"
                        + " calls; it makes [mail, refund]");
    }

    @Test
    void refusesTwoStepsOfOneName() {
        refuses(
                Twice.class,
                "Step 'pay' of saga " + Twice.class.getName()
                        + " is declared twice: each step needs a name of its own");
    }

    @Test
    void refusesACompensationThatIsSaidToBeImpossible() {
        assertThatThrownBy(() -> plan(Both.class)).hasMessageContaining("yet says that it is irreversible");
    }

    @Test
    void isDataThatCanBeListedAndDrawn() {
        StepPlan plan = plan(Good.class);
        assertThat(plan.steps()).hasSize(1);
        StepDeclaration pay = plan.step("pay").orElseThrow();
        assertThat(pay.limit()).isEqualTo("deadline limit");
        assertThat(pay.awaited(StepStatus.PENDING)).containsExactly(Paid.class, Declined.class);
        assertThat(pay.awaited(StepStatus.COMPENSATING)).containsExactly(Refunded.class);
        assertThat(pay.awaited(StepStatus.SUCCEEDED)).isEmpty();
        assertThat(plan.mermaid())
                .isEqualTo(
                        """
                        stateDiagram-v2
                            state "pay" as s1 {
                                [*] --> s1_pending : Ordered
                                s1_pending --> s1_succeeded : Paid
                                s1_pending --> s1_failed : Declined
                                s1_succeeded --> s1_compensating : Cancelled
                                s1_compensating --> s1_compensated : Refunded
                            }
                            note right of s1 : limited by deadline limit
                        """);
    }

    private static void refuses(Class<?> saga, String sentence) {
        assertThatThrownBy(() -> plan(saga))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }

    private static StepPlan plan(Class<?> saga) {
        return StepPlan.of(saga, saga.getSimpleName(), event -> true, Set.of("limit"));
    }

    private record Ordered() {}

    private record Paid() {}

    private record Declined() {}

    private record Cancelled() {}

    private record Refunded() {}

    private static final class NoSteps {}

    @Step(name = "pay", completedBy = Paid.class, outsideCall = "pay", irreversible = "paid is paid")
    private static final class Called {}

    @Step(name = "pay", startedBy = Paid.class, completedBy = Paid.class, irreversible = "paid is paid")
    private static final class AtOnce {}

    @Step(name = "pay", completedBy = Paid.class, irreversible = "paid is paid")
    private static final class NoLimit {}

    @Step(name = "pay", completedBy = Paid.class, deadline = "never", irreversible = "paid is paid")
    private static final class UnknownDeadline {}

    @Step(name = "pay", completedBy = Paid.class, deadline = "limit")
    private static final class NoCompensation {}

    @Step(name = "pay", completedBy = Paid.class, deadline = "limit", irreversible = "paid is paid")
    @Step(name = "pay", completedBy = Paid.class, outsideCall = "pay", irreversible = "paid is paid")
    private static final class Twice {}

    @Step(
            name = "pay",
            completedBy = Paid.class,
            deadline = "limit",
            compensation = @Compensation(startedBy = Cancelled.class, completedBy = Refunded.class),
            irreversible = "paid is paid")
    private static final class Both {}

    @Step(
            name = "pay",
            startedBy = Ordered.class,
            completedBy = Paid.class,
            failedBy = Declined.class,
            deadline = "limit",
            compensation = @Compensation(startedBy = Cancelled.class, completedBy = Refunded.class))
    private static final class Good {}
}
