package io.farandole.verifier;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a verification found.
 *
 * @param context whose journal it is; null if nothing is sealed and no name was given
 * @param rows how many rows were compared with their seals
 * @param seals how many seals there are
 * @param sealedUpTo the last position that is sealed; 0 if nothing is
 * @param unsealed how many rows come behind it: nothing is known of these
 * @param checkpoints how many genuine checkpoints there are; -1 if none were asked for
 * @param checkpointedUpTo the position of the newest genuine one; 0 if there is none
 * @param faults the first one first; at most some hundred
 * @param faultCount how many there are
 */
public record Report(
        @Nullable String context,
        long rows,
        long seals,
        long sealedUpTo,
        long unsealed,
        int checkpoints,
        long checkpointedUpTo,
        List<Fault> faults,
        long faultCount) {

    public Report {
        faults = List.copyOf(faults);
    }

    /** Whether all is as it was sealed. */
    public boolean intact() {
        return faultCount == 0;
    }
}
