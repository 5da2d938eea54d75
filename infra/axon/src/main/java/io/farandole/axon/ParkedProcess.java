package io.farandole.axon;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A process that failed in one event processor, and whose later events wait behind the one that failed. Its stack trace is asked
 * for by itself ({@link ParkedProcesses#stackTrace}).
 *
 * @param processor in which it failed; other processors are not concerned
 * @param processKey of the process
 * @param status whether it is still being retried
 * @param attempts that failed and counted, at the event that is first in the queue
 * @param firstFailedAt when it was set aside
 * @param lastFailedAt of the latest attempt
 * @param nextAttemptAt null once parked
 * @param failedEventId the event that failed, first in the queue
 * @param failedEventType the class of its payload
 * @param failedPosition its position in the journal
 * @param errorClass of the latest failure
 * @param errorMessage of the latest failure, its first 1,000 characters
 * @param fingerprint of the latest failure: the same for failures of the same classes at the same places of the application's code,
 *     whatever their messages, processors and line numbers
 * @param waitingEvents how many events are in the queue, the failed one included
 * @param decisionId the decision about the failed event that has been made and not yet carried out; null if there is none
 */
public record ParkedProcess(
        String processor,
        String processKey,
        Status status,
        int attempts,
        Instant firstFailedAt,
        Instant lastFailedAt,
        @Nullable Instant nextAttemptAt,
        String failedEventId,
        String failedEventType,
        long failedPosition,
        String errorClass,
        @Nullable String errorMessage,
        String fingerprint,
        long waitingEvents,
        @Nullable String decisionId) {

    /** Who moves next. */
    public enum Status {
        /** Retried by itself, with growing waits; or a person has decided, and it is about to be carried out. */
        RETRYING,
        /** All attempts failed: it waits for a person. */
        PARKED
    }

    /** Without message, which may hold personal data. */
    @Override
    public String toString() {
        return "ParkedProcess[" + processor + " " + processKey + " " + status + ", attempts " + attempts
                + ", failed at " + failedEventType + " " + failedEventId + " with " + errorClass + ", waiting "
                + waitingEvents + "]";
    }
}
