package io.farandole.verifier.bundle;

import java.util.List;

/**
 * What a verification of a bundle found.
 *
 * @param manifest what the bundle says of itself
 * @param parts one for each context that has one
 * @param faults the first one first; at most some hundred
 * @param faultCount how many there are
 * @param notes what a person ought to know beside
 */
public record BundleReport(
        BundleManifest manifest, List<Part> parts, List<BundleFault> faults, long faultCount, List<String> notes) {

    public BundleReport {
        parts = List.copyOf(parts);
        faults = List.copyOf(faults);
        notes = List.copyOf(notes);
    }

    /** Whether all is as it was made. */
    public boolean intact() {
        return faultCount == 0;
    }

    /**
     * A context's part.
     *
     * @param proven events that a signed checkpoint covers
     * @param sealed events that a seal covers, and no checkpoint yet
     * @param unsealed events that were too young for a seal: the part's signature alone vouches for them
     * @param redacted those of all of them whose masked content cannot be verified
     */
    public record Part(String context, long events, long proven, long sealed, long unsealed, long redacted) {}
}
