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
 * <p>Checked at start-up: every step has a time limit ({@link #timeLimit}, {@link #deadline} or {@link #outsideCall}) unless whatever
 * begins it completes it, and a {@link #compensation} or a sentence that says why it has none ({@link #irreversible}).
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(Steps.class)
public @interface Step {

    /** Its name, unique in the saga; keep it stable, for it is stored. */
    String name();

    /**
     * Events by which it begins; if none is named, the event that starts the saga, unless {@link #begunBySaga}. Each further one is a
     * further attempt.
     */
    Class<?>[] startedBy() default {};

    /** Whether it begins when a handler of the saga says so ({@link SagaSteps#begun}), and by no event alone. */
    boolean begunBySaga() default false;

    /** Events by which it has succeeded; the one that begins it may be among them, where a handler does it all. */
    Class<?>[] completedBy();

    /** Events by which it has failed for good; nothing of it is left to undo then. */
    Class<?>[] failedBy() default {};

    /** What follows by itself when it has failed for good. */
    OnFailure onFailure() default OnFailure.LEAVE_TO_HANDLERS;

    /**
     * How long it may take from its beginning on: a whole number and {@code ms}, {@code s}, {@code min} or {@code h}, or a property in
     * <code>${}</code> that has such a value. The framework schedules a deadline in the transaction in which the step begins (again, if it is
     * begun again), and cancels it in that in which the step ends. Whichever of the two the saga hears first decides.
     */
    String timeLimit() default "";

    /** What follows by itself when {@link #timeLimit} has passed; an open step is told as overdue in any case. */
    OnTimeLimit onTimeLimit() default OnTimeLimit.STAY_OPEN;

    /**
     * The name of the deadline that limits it, and that the saga has a {@code @DeadlineHandler} for. Without {@link #timeLimit} the
     * saga schedules and cancels it; with it the framework does, and the name is the step's alone.
     */
    String deadline() default "";

    /** The kind of outside call that it is, whose own time limit is the step's. */
    String outsideCall() default "";

    /** What undoes it; at most one. */
    Compensation[] compensation() default {};

    /** Why nothing undoes it: a sentence for those who read the list of steps. */
    String irreversible() default "";
}
