package io.farandole.axon;

import org.jspecify.annotations.Nullable;

/**
 * What became of an {@link Intervention}.
 *
 * @param outcome accepted or not
 * @param decisionId the decision that was recorded, now or by the same request before; null if refused
 * @param sentence for the person, with what to do next
 */
public record InterventionAnswer(Outcome outcome, @Nullable String decisionId, String sentence) {

    /** Whether the decision stands. Only {@link #ACCEPTED} has recorded or changed anything. */
    public enum Outcome {
        /** Recorded; a worker carries it out soon, wherever the processor runs. */
        ACCEPTED(true),
        /** The same decision about the same event is recorded already and has not been tried yet: a double click. */
        ALREADY_REQUESTED(true),
        /** Refused: the process is not set aside in that processor, or not any more. */
        NOT_SET_ASIDE(false),
        /** Refused: another event is at the head of the queue now. */
        MOVED_ON(false),
        /** Refused: the event is being handled at this moment, by a retry or to carry out a decision. */
        IN_FLIGHT(false),
        /** Refused: nothing in this processor can compensate that process. */
        NOT_COMPENSABLE(false);

        private final boolean standing;

        Outcome(boolean standing) {
            this.standing = standing;
        }
    }

    /** Whether the decision stands: accepted now, or by the same request before. */
    public boolean stands() {
        return outcome.standing;
    }
}
