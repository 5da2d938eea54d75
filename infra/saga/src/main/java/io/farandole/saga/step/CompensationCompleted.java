package io.farandole.saga.step;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method of a saga that is called when everything that it had to undo is undone, in the transaction in which the last of it is heard of.
 * With Axon's {@code @EndSaga} beside it the saga ends after it. A saga that compensates steps itself ({@link Compensates}) has one. Called
 * again if a step succeeds after that, is undone in its turn, and the saga has not ended. Parameters as for {@link Compensates}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface CompensationCompleted {}
