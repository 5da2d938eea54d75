package io.farandole.saga.step;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A step of a saga: what begins it, what its end is known by, how long it may take, and what undoes it. The framework notes
 * where each step stands, in the transaction in which the saga handles the event (see {@link StepView}); what the saga does
 * stays in its handlers.
 *
 * <p>A class of events stands for its subclasses too. The saga must have a handler for every event that is named, for an event
 * that has none does not reach it. Events may come in any order: an end that comes before the beginning counts.
 *
 * <p>Checked at start-up: every step has a time limit ({@link #deadline} or {@link #outsideCall}) unless whatever begins it completes
 * it, and a {@link #compensation} or a sentence that says why it has none ({@link #irreversible}).
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(Steps.class)
public @interface Step {

    /** Its name, unique in the saga; keep it stable, for it is stored. */
    String name();

    /** Events by which it begins; if none is named, the event that starts the saga. Each further one is a further attempt. */
    Class<?>[] startedBy() default {};

    /** Events by which it has succeeded; the one that begins it may be among them, where a handler does it all. */
    Class<?>[] completedBy();

    /** Events by which it has failed for good; nothing of it is left to undo then. */
    Class<?>[] failedBy() default {};

    /** The name of the deadline that limits it, which the saga schedules and has a {@code @DeadlineHandler} for. */
    String deadline() default "";

    /** The kind of outside call that it is, whose own time limit is the step's. */
    String outsideCall() default "";

    /** What undoes it; at most one. */
    Compensation[] compensation() default {};

    /** Why nothing undoes it: a sentence for those who read the list of steps. */
    String irreversible() default "";
}
