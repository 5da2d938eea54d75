package io.farandole.saga.step;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method of a saga that begins to undo one of its steps: it sends a command or requests an outside call. Called when it is the
 * step's turn ({@link Compensation}), in the transaction of the event that made it so, and again if the undoing was refused; so what it
 * asks for should be named by the process and the step, as a duplicate may come. What it throws rolls that event back: the event is tried
 * again as {@code @Retries} on this method or on the class says, and then the process is parked.
 *
 * <p>Its parameters are resolved as a handler's are; there is no payload among them.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Compensates {

    /** The step's name. */
    String value();
}
