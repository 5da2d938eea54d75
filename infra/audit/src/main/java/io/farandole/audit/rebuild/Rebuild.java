package io.farandole.audit.rebuild;

import io.farandole.audit.rebuild.RebuildRequest.Purpose;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A rebuild or a comparison, and how far it has come.
 *
 * @param limitedTo in words; null for everything
 * @param position of the journal, up to which it has replayed
 * @param head the end of the journal, as it was seen last
 * @param events handled so far
 * @param unknownEvents events met whose type nobody knows any more: no handler has seen them
 * @param perSecond positions passed in a second of work; 0 while that is not known
 * @param secondsLeft at that rate; null while it is not known
 * @param holder the instance that works at it; null if none does at the moment
 * @param sentence what came of it; null before it has ended
 * @param difference between the copy and the live tables; null before it is known
 */
public record Rebuild(
        long id,
        String readModel,
        Purpose purpose,
        @Nullable String limitedTo,
        int threads,
        String by,
        String reason,
        Instant requestedAt,
        State state,
        long position,
        long head,
        long events,
        long unknownEvents,
        long perSecond,
        @Nullable Long secondsLeft,
        @Nullable String holder,
        @Nullable Instant endedAt,
        @Nullable String sentence,
        @Nullable Difference difference) {

    /** Where it stands. */
    public enum State {
        /** At work, or waiting for an instance that is free. */
        RUNNING,
        /** Until somebody resumes or cancels it. */
        PAUSED,
        /** Compared, or put in. */
        DONE,
        /** The live tables are as they were. */
        FAILED,
        /** By a person; the live tables are as they were. */
        CANCELLED;

        /** Whether nothing more will happen. */
        public boolean isEnded() {
            return this != RUNNING && this != PAUSED;
        }
    }
}
