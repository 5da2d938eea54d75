package io.farandole.saga.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
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

    @Test
    void refusesATimeLimitThatIsNoDuration() {
        refuses(
                NoDuration.class,
                "Step 'pay' of saga " + NoDuration.class.getName()
                        + " has the time limit soon: 'soon' is no duration: write a"
                        + " whole number above 0 and ms, s, min or h, such as '30 s'");
    }

    @Test
    void takesATimeLimitFromAProperty() {
        StepPlan plan = StepPlan.of(
                ByProperty.class,
                "ByProperty",
                event -> true,
                Set.of(),
                text -> text.equals("${pay.limit}") ? "90s" : text);
        assertThat(plan.steps().get(0).timeLimit())
                .isEqualTo(new TimeLimit(Duration.ofSeconds(90), "(step) pay", OnTimeLimit.FAIL));
        assertThat(plan.steps().get(0).limit()).isEqualTo("time limit 90 s");
        assertThat(plan.keepsTimeLimits()).isTrue();
    }

    @Test
    void refusesAConsequenceWithoutATimeLimit() {
        refuses(
                NothingToPass.class,
                "Step 'pay' of saga " + NothingToPass.class.getName()
                        + " says what follows when its time limit has passed,"
                        + " but the framework keeps none: name it (timeLimit = ...)");
    }

    @Test
    void refusesACompensationThatNothingBegins() {
        refuses(
                NobodyBegins.class,
                "Step 'pay' of saga " + NobodyBegins.class.getName()
                        + " has a compensation that nothing begins: name the"
                        + " events from which on it is undone (startedBy = ...), or write the method that begins it"
                        + " (@Compensates(\"pay\"))");
    }

    @Test
    void refusesACompensationThatIsAwaitedForEver() {
        refuses(
                NoLimitOfUndoing.class,
                "Step 'pay' of saga " + NoLimitOfUndoing.class.getName()
                        + " has a compensation without time limit: say how"
                        + " long it may take before it is told as overdue (timeLimit = ...)");
    }

    @Test
    void refusesTwoWaysOfUndoingInOneSaga() {
        refuses(
                TwoWays.class,
                "Saga " + TwoWays.class.getName()
                        + " undoes the steps [pay] itself, and leaves the steps [ship] to events:"
                        + " let it undo all of them, or none");
    }

    @Test
    void refusesAFailureThatUndoesNothing() {
        refuses(
                NothingUndone.class,
                "Step 'pay' of saga " + NothingUndone.class.getName()
                        + " has the process undone, but the saga undoes no step"
                        + " itself: let its compensations name no events that begin them, and write the methods that do"
                        + " (@Compensates)");
    }

    @Test
    void refusesAnUndoingAfterWhichNothingIsSaidToFollow() {
        refuses(
                NoEnd.class,
                "Saga " + NoEnd.class.getName()
                        + " undoes steps itself and has 0 @CompensationCompleted methods: one says"
                        + " what follows when all is undone, with @EndSaga beside it if the saga ends then");
    }

    @Test
    void refusesAMethodThatUndoesNoStep() {
        refuses(
                NoSuchStep.class,
                "Saga " + NoSuchStep.class.getName()
                        + " has a method @Compensates(\"ship\"), but no such step; it has [pay]");
    }

    @Test
    void drawsWhatTheSagaUndoesItself() {
        StepPlan plan = plan(Undone.class);
        assertThat(plan.isCompensating()).isTrue();
        StepDeclaration pay = plan.step("pay").orElseThrow();
        assertThat(pay.deadline(StepStatus.PENDING)).isEqualTo("(step) pay");
        assertThat(pay.deadline(StepStatus.COMPENSATING)).isEqualTo("(compensation) pay");
        assertThat(plan.isForward(Paid.class)).isTrue();
        assertThat(plan.isForward(Refunded.class)).isFalse();
        assertThat(plan.mermaid())
                .isEqualTo(
                        """
                        stateDiagram-v2
                            state "pay" as s1 {
                                [*] --> s1_pending : the saga begins it
                                s1_pending --> s1_succeeded : Paid
                                s1_pending --> s1_compensating : undoing, in reverse order
                                s1_succeeded --> s1_compensating : undoing, in reverse order
                                s1_compensating --> s1_compensating : Declined, again
                                s1_compensating --> s1_compensated : Refunded
                            }
                            note right of s1 : limited by time limit 2 min, undoes the process if late
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

    @Step(name = "pay", completedBy = Paid.class, timeLimit = "soon", irreversible = "paid is paid")
    private static final class NoDuration {}

    @Step(
            name = "pay",
            completedBy = Paid.class,
            timeLimit = "${pay.limit}",
            onTimeLimit = OnTimeLimit.FAIL,
            irreversible = "paid is paid")
    private static final class ByProperty {}

    @Step(
            name = "pay",
            completedBy = Paid.class,
            deadline = "limit",
            onTimeLimit = OnTimeLimit.FAIL,
            irreversible = "paid is paid")
    private static final class NothingToPass {}

    @Step(
            name = "pay",
            completedBy = Paid.class,
            deadline = "limit",
            compensation = @Compensation(completedBy = Refunded.class, timeLimit = "1 min"))
    private static final class NobodyBegins {}

    @Step(
            name = "pay",
            completedBy = Paid.class,
            deadline = "limit",
            compensation = @Compensation(completedBy = Refunded.class))
    static class NoLimitOfUndoing {

        @Compensates("pay")
        void refund() {}

        @CompensationCompleted
        void refunded() {}
    }

    @Step(
            name = "pay",
            completedBy = Paid.class,
            deadline = "limit",
            compensation = @Compensation(completedBy = Refunded.class, timeLimit = "1 min"))
    @Step(
            name = "ship",
            completedBy = Ordered.class,
            deadline = "limit",
            compensation = @Compensation(startedBy = Cancelled.class, completedBy = Refunded.class))
    static class TwoWays {

        @Compensates("pay")
        void refund() {}

        @CompensationCompleted
        void refunded() {}
    }

    @Step(
            name = "pay",
            completedBy = Paid.class,
            failedBy = Declined.class,
            onFailure = OnFailure.COMPENSATE,
            deadline = "limit",
            irreversible = "paid is paid")
    private static final class NothingUndone {}

    @Step(name = "pay", completedBy = Paid.class, deadline = "limit", compensation = @Compensation)
    static class NoEnd {

        @Compensates("pay")
        void refund() {}
    }

    @Step(name = "pay", completedBy = Paid.class, deadline = "limit", irreversible = "paid is paid")
    static class NoSuchStep {

        @Compensates("ship")
        void callBack() {}
    }

    @Step(
            name = "pay",
            begunBySaga = true,
            completedBy = Paid.class,
            timeLimit = "2 min",
            onTimeLimit = OnTimeLimit.COMPENSATE,
            compensation =
                    @Compensation(
                            completedBy = Refunded.class,
                            failedBy = Declined.class,
                            timeLimit = "1 min",
                            barrier = true))
    static class Undone {

        @Compensates("pay")
        void refund() {}

        @CompensationCompleted
        void refunded() {}
    }
}
