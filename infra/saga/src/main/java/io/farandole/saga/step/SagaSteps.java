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

        /** Notes that a step begins. */
        void begun(String step);

        /** Has everything undone once the handler has returned. */
        void compensate(String reason);

        /** Whether it is being undone, or is undone. */
        boolean isCompensating();
    }

    /**
     * The step begins: said by the handler that sends the command or requests the outside call, of a step that is declared so ({@link
     * Step#begunBySaga}). Said again, it is a further attempt.
     *
     * @throws IllegalArgumentException if the saga declares no such step, or it begins by events
     * @throws IllegalStateException if the process is being undone, or is undone
     */
    public static void begun(String step) {
        if (Scope.getCurrentScope() instanceof Running running) {
            running.begun(step);
        }
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

    /**
     * Has everything undone that has succeeded, and what will yet turn out to have: the saga's {@link Compensates} methods are called in the
     * steps' turn, the first ones right after this handler, in its transaction. The process goes forwards no more from here on. Without
     * effect if it is being undone already.
     *
     * @param reason why, for the step log, without personal data
     * @throws IllegalStateException if the saga compensates no step itself, or has ended
     */
    public static void compensate(String reason) {
        if (Scope.getCurrentScope() instanceof Running running) {
            running.compensate(reason);
        }
    }

    /** Whether the process is being undone by the saga itself, or is undone; false in a saga that is not run by the keyed invoker. */
    public static boolean isCompensating() {
        return Scope.getCurrentScope() instanceof Running running && running.isCompensating();
    }

    private static void note(String step, StepStatus status, @Nullable String error) {
        if (Scope.getCurrentScope() instanceof Running running) {
            running.note(step, status, error);
        }
    }
}
