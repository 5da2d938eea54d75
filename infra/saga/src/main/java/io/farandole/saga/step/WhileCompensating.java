package io.farandole.saga.step;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On an event handler of a saga that compensates its steps itself: called also from the moment on at which the process is being undone,
 * though its event belongs to the way forward. Such a handler notes what it is told; it must begin no step then ({@link
 * SagaSteps#isCompensating}). Handlers without it rest from then on, if their event begins or ends a step.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface WhileCompensating {}
