package io.farandole.saga.step;

/** What follows by itself when the time limit of a step has passed that the framework keeps. */
public enum OnTimeLimit {
    /** It is told as overdue, and goes on being awaited. */
    STAY_OPEN,
    /** It has failed: nothing of it is left, and nothing will come of it any more. A success that comes nevertheless counts. */
    FAIL,
    /** Everything that has succeeded is undone; the step itself too, once its outcome is known. */
    COMPENSATE
}
