package io.farandole.axon;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How events are tried again that fail in the handlers of a class (a saga, a projection), or in one handler method (a step):
 * a sentence that {@link RetryPolicy#of} reads. The method's wins over the class's, the class's over the processor's settings; what
 * the operator sets for the processor by name wins over all ({@link FarandoleModule.Builder#retry}).
 *
 * <p>What fails is an event, in a transaction of all its handlers in the processor: where several of them are annotated, the one with
 * the most attempts counts. A sentence that cannot be read, or an annotated method that handles nothing, stops the start.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Retries {

    /** The sentence, such as {@code 3 attempts, each wait 1 s}. */
    String value();
}
