package io.farandole.axon;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A decision that was made about a process, and what has become of it.
 *
 * @param id of the decision, and of its {@link InterventionDecided} event
 * @param groupId of the group retry that it was made for; null if a person made it for this process
 * @param processor in which the process was set aside
 * @param processKey of the process
 * @param decision what was decided
 * @param eventId the failed event that it is about
 * @param eventType the class of its payload
 * @param position of the event in the journal
 * @param lastPosition up to which queued events are left out; {@code position} unless {@link Decision#DISCARD}
 * @param errorClass of the failure that it answers
 * @param attempts that had failed then
 * @param by who decided
 * @param reason why
 * @param decidedAt when
 * @param state what has become of it
 * @param failedAttempts that were made at it in vain
 * @param endedAt when it was carried out or superseded; null before
 */
public record ParkedDecision(
        String id,
        @Nullable String groupId,
        String processor,
        String processKey,
        Decision decision,
        String eventId,
        String eventType,
        long position,
        long lastPosition,
        String errorClass,
        int attempts,
        String by,
        String reason,
        Instant decidedAt,
        State state,
        int failedAttempts,
        @Nullable Instant endedAt) {

    /** What has become of a decision. */
    public enum State {
        /** Recorded, and not tried yet. */
        REQUESTED,
        /** A worker of some instance is at it at this moment. */
        IN_FLIGHT,
        /** Carried out: the event is handled, or left out. */
        RESOLVED,
        /**
         * Tried in vain, {@code failedAttempts} times. It is tried again by itself as long as the process is {@link
         * ParkedProcess.Status#RETRYING} with this decision; once it is parked, it takes another decision.
         */
        FAILED_AGAIN,
        /** Never tried: another decision, or a reset of the processor, took its place. */
        SUPERSEDED
    }

    /** Without who and why. */
    @Override
    public String toString() {
        return "ParkedDecision[" + id + " " + decision + " " + eventId + " of " + processKey + " in " + processor + ", "
                + state + " after " + failedAttempts + " failed attempts]";
    }
}
