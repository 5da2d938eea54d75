package io.farandole.verifier;

import org.jspecify.annotations.Nullable;

/**
 * One way in which a journal is not as it was sealed.
 *
 * @param kind what was done
 * @param firstPosition where it begins; null if it is about no rows
 * @param lastPosition where it ends; the same for a single row
 * @param eventId of the row that is there now; null if there is none
 * @param seal the number of the seal by which it was noticed; null if it was noticed by a checkpoint alone
 * @param checkpoint the number of the checkpoint by which it was noticed; null if a seal suffices
 * @param sentence what is told to a person
 */
public record Fault(
        Kind kind,
        @Nullable Long firstPosition,
        @Nullable Long lastPosition,
        @Nullable String eventId,
        @Nullable Long seal,
        @Nullable Long checkpoint,
        String sentence) {

    /** What was done. */
    public enum Kind {
        /** A row has another content than it was sealed with. */
        ROW_EDITED,
        /** A row that was sealed is gone. */
        ROW_REMOVED,
        /** A row is where there was none when it was sealed. */
        ROW_ADDED,
        /** A row stands where it was not sealed. */
        ROW_MOVED,
        /** A seal is not what it was. */
        SEAL_ALTERED,
        /** A seal is gone. */
        SEAL_MISSING,
        /** Rows and seals agree with each other, but not with a checkpoint: both were made anew. */
        HISTORY_REWRITTEN,
        /** Rows and seals end before the place that a checkpoint names. */
        TAIL_CUT_OFF,
        /** A checkpoint is not signed by a known key, is damaged, or does not follow the one before. */
        CHECKPOINT_FORGED,
        /** A checkpoint that was stored is gone. */
        CHECKPOINT_MISSING
    }

    static Fault ofSeal(Kind kind, Seal seal, String sentence) {
        return new Fault(kind, seal.after() + 1, seal.upTo(), null, seal.number(), null, sentence);
    }

    static Fault ofCheckpoint(Kind kind, long checkpoint, String sentence) {
        return new Fault(kind, null, null, null, null, checkpoint, sentence);
    }
}
