package io.farandole.saga.step;

/** What follows by itself when a step has failed for good. */
public enum OnFailure {
    /** Nothing: the saga's handlers decide. */
    LEAVE_TO_HANDLERS,
    /** After the handler of the failure, everything that has succeeded is undone. */
    COMPENSATE
}
