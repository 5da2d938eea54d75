package io.farandole.saga.step;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method of a saga that gives its process up and has undone what was done, from wherever it stands: called when a person
 * decides so ({@code Decision.COMPENSATE}), in the transaction in which the failed event leaves the queue. It sends the commands
 * that a failure of the process would have it send; what they undo comes back as events. At most one per saga; without
 * parameters, or with one of type {@code InterventionDecided}. A saga that compensates its steps itself needs none: if it has one, that
 * is called before the undoing begins, and not if it is on.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface CompensationHandler {}
