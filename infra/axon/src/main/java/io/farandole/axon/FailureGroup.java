package io.farandole.axon;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Processes of one processor that failed in the same way.
 *
 * @param processor in which they failed
 * @param fingerprint of the failure, see {@link ParkedProcess#fingerprint}
 * @param retrying how many are retried by themselves, or are about to be
 * @param parked how many wait for a person
 * @param oldest when the first of them was set aside
 * @param newest when the last of them was set aside
 * @param sampleKey a process of the group: the oldest
 * @param errorClass of that process's failure
 * @param errorMessage of that process's failure, its first 1,000 characters
 */
public record FailureGroup(
        String processor,
        String fingerprint,
        long retrying,
        long parked,
        Instant oldest,
        Instant newest,
        String sampleKey,
        String errorClass,
        @Nullable String errorMessage) {

    /** Without message, which may hold personal data. */
    @Override
    public String toString() {
        return "FailureGroup[" + processor + " " + fingerprint + " " + errorClass + ", parked " + parked + ", retrying "
                + retrying + "]";
    }
}
