package io.farandole.saga.outside;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An outside call as operators see it, without its content.
 *
 * @param dueAt when it is looked at next: the next attempt, or the end of the lease of the running one
 * @param attempts calls made
 * @param recordAttempts failed attempts to record the result
 * @param lastError why the last attempt did not close it; null if none failed
 * @param finishedAt when it was closed or marked failed; null before
 */
public record OutsideCallView(
        long id,
        String kind,
        String processKey,
        String idempotencyKey,
        Status status,
        int attempts,
        int recordAttempts,
        Instant requestedAt,
        Instant dueAt,
        Instant timeLimitAt,
        @Nullable String lastError,
        @Nullable Instant finishedAt) {

    /** Where a call stands. */
    public enum Status {
        /** To be made, for the first time or again. */
        WAITING,
        /** Claimed by a worker. */
        RUNNING,
        /** Answered; the command that records the result is to be sent (again). */
        RECORDING,
        /** Recorded and closed. */
        DONE,
        /** Answered, but the command was refused too often: a person has to retry it. */
        FAILED
    }
}
