package io.farandole.saga.step;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What undoes a step; a member of {@link Step}. Either others do, and events tell of it ({@link #startedBy}), or the saga does: then it
 * has a method annotated {@link Compensates} for the step, and the framework calls it in the step's turn. In one saga all steps
 * are undone in the same of the two ways.
 *
 * <p>A saga that compensates its steps itself is undone from {@link SagaSteps#compensate} on, or from a failure or time limit on
 * that is declared so ({@link Step#onFailure}, {@link Step#onTimeLimit}), or by a person's decision. A step's turn comes when it has
 * succeeded, and whatever began after its success is undone, has failed, or is irreversible. So the order is the reverse of
 * that in which they succeeded, and steps that ran beside each other are undone beside each other. A step whose outcome is not known
 * yet is awaited.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({})
public @interface Compensation {

    /** Events from which on the step is being undone; none if the saga itself begins to ({@link Compensates}). */
    Class<?>[] startedBy() default {};

    /**
     * Events by which it is undone; the one from which on it is being undone may be among them. None if the saga's own method does
     * it all: the step is undone when that returns, as it is after a local command.
     */
    Class<?>[] completedBy() default {};

    /**
     * Events by which the undoing was refused. It is begun again, as often and after such waits as {@code @Retries} on the method or
     * on the class says ({@code RetryPolicy.DEFAULT} if neither does); then the process is parked. Only where the saga itself begins it.
     */
    Class<?>[] failedBy() default {};

    /**
     * How long the undoing may take, all its attempts together, before it is told as overdue; as {@link Step#timeLimit}. Needed where
     * the saga itself begins it and awaits its end.
     */
    String timeLimit() default "";

    /**
     * Whether the step may be undone before its outcome is known: its participant has the barrier, so that a step that comes after
     * its compensation is refused. Otherwise its outcome is awaited first.
     */
    boolean barrier() default false;
}
