package io.farandole.axon;

import java.time.Instant;

/**
 * A decision has been carried out: an own, private event of the journal, appended in the transaction in which the events
 * leave the queue. Registered with {@link InterventionDecided#TYPES}.
 *
 * @param decisionId of {@link InterventionDecided}
 * @param processor in which the process was set aside
 * @param processKey of the process in that processor
 * @param decision what was decided
 * @param position of the failed event in the journal
 * @param lastPosition of the last event that has left the queue; {@code position} unless {@link Decision#DISCARD}
 * @param leftOut how many events were left out; 0 for {@link Decision#RETRY}, where the event was handled
 * @param appliedAt when
 */
public record InterventionApplied(
        String decisionId,
        String processor,
        String processKey,
        Decision decision,
        long position,
        long lastPosition,
        int leftOut,
        Instant appliedAt) {}
