package io.farandole.axon;

import io.farandole.messaging.EventTypes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A person has decided about a process that is set aside: an own, private event of the journal, appended in the transaction that
 * accepts the decision. Its id is the decision's. {@link InterventionApplied} follows once it is carried out.
 *
 * @param decisionId of the decision; the event's id too
 * @param groupId of the group retry that it was made for; null if a person made it for this process
 * @param processor in which the process is set aside
 * @param processKey of the process in that processor
 * @param decision what was decided
 * @param eventId the failed event that it is about
 * @param eventType the class of its payload
 * @param position of that event in the journal
 * @param lastPosition of the last event that is left out; {@code position} unless {@link Decision#DISCARD}
 * @param errorClass of the failure that it answers
 * @param attempts that had failed
 * @param by who decided
 * @param reason why
 * @param decidedAt when
 */
public record InterventionDecided(
        String decisionId,
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
        Instant decidedAt) {

    /** The registration of this event and of {@link InterventionApplied}, which every context merges into its own. */
    public static final EventTypes TYPES = EventTypes.builder()
            .event("farandole.intervention-decided", 1, InterventionDecided.class, InterventionDecided::processKey)
            .event("farandole.intervention-applied", 1, InterventionApplied.class, InterventionApplied::processKey)
            .build();

    /** Without who and why. */
    @Override
    public String toString() {
        return "InterventionDecided[" + decisionId + " " + decision + " " + eventId + " of " + processKey + " in "
                + processor + "]";
    }
}
