package io.farandole.audit.seal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a journal is sealed, as one instance last saw it.
 *
 * @param seals how many seals there are
 * @param sealedUpTo the position of the last row that is sealed
 * @param sealedAt when; null if nothing is
 * @param behind how many positions come after it
 * @param checkpoints how many checkpoints there are; 0 where none are made
 * @param checkpointedUpTo the position that the newest stored checkpoint names; 0 where there is none
 * @param unstored how many checkpoints are not stored outside yet
 * @param problem what is wrong, and what to do; null while nothing is
 */
public record SealState(
        long seals,
        long sealedUpTo,
        @Nullable Instant sealedAt,
        long behind,
        long checkpoints,
        long checkpointedUpTo,
        long unstored,
        @Nullable String problem) {}
