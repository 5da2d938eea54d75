package io.farandole.saga.step;

/** Where a step stands. */
public enum StepStatus {
    /** Begun; its end is awaited. */
    PENDING,
    /** Done. */
    SUCCEEDED,
    /** Not done, and never will be; nothing of it is left. */
    FAILED,
    /** Being undone. */
    COMPENSATING,
    /** Undone. */
    COMPENSATED,
    /** Never begun, and not to be begun any more: the process was given up before, or a person left it out. */
    SKIPPED;

    /** Whether something is awaited. */
    public boolean isOpen() {
        return this == PENDING || this == COMPENSATING;
    }
}
