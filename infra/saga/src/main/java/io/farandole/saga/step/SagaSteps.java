package io.farandole.saga.step;

import org.axonframework.messaging.Scope;
import org.jspecify.annotations.Nullable;

/**
 * What a saga's handler says of its own steps, where an event alone does not tell: called while the saga handles an event or a
 * deadline, as {@code SagaLifecycle} is. Written with the saga. Without effect in a saga that is not run by the keyed invoker, as in
 * {@code SagaTestFixture}.
 */
public final class SagaSteps {

    private SagaSteps() {}

    /** The running saga, as this class sees it. */
    public interface Running {

        /** Notes where a step stands. */
        void note(String step, StepStatus status, @Nullable String error);
    }

    /**
     * The step has succeeded.
     *
     * @throws IllegalArgumentException if the saga declares no such step
     */
    public static void succeeded(String step) {
        note(step, StepStatus.SUCCEEDED, null);
    }

    /**
     * The step has been undone, or there was nothing to undo.
     *
     * @throws IllegalArgumentException if the saga declares no such step
     */
    public static void compensated(String step) {
        note(step, StepStatus.COMPENSATED, null);
    }

    /**
     * The step has failed for good, and nothing of it is left to undo.
     *
     * @param reason why, without personal data
     * @throws IllegalArgumentException if the saga declares no such step
     */
    public static void failed(String step, String reason) {
        note(step, StepStatus.FAILED, reason);
    }

    /**
     * The step will not be begun any more.
     *
     * @param reason why, without personal data
     * @throws IllegalArgumentException if the saga declares no such step
     */
    public static void skipped(String step, String reason) {
        note(step, StepStatus.SKIPPED, reason);
    }

    private static void note(String step, StepStatus status, @Nullable String error) {
        if (Scope.getCurrentScope() instanceof Running running) {
            running.note(step, status, error);
        }
    }
}
