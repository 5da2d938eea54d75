package io.farandole.saga.step;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What undoes a step; a member of {@link Step}. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({})
public @interface Compensation {

    /** Events from which on the step is being undone. */
    Class<?>[] startedBy();

    /** Events by which it is undone; the one from which on it is being undone may be among them. */
    Class<?>[] completedBy();
}
