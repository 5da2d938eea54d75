package io.farandole.axon;

import org.jspecify.annotations.Nullable;

/**
 * A retry of all processes of a group that were set aside before the request and are parked when their turn comes, oldest first.
 *
 * @param processor of the group; null for every processor, if a fingerprint is given
 * @param fingerprint of the failure; null for every failure, if a processor is given
 * @param most how many at most, 1 or more
 * @param perSecond how many a second at most, 1 to 1,000
 * @param by who decides; as in {@link Intervention}
 * @param reason why; as in {@link Intervention}
 */
public record GroupRetryRequest(
        @Nullable String processor, @Nullable String fingerprint, int most, int perSecond, String by, String reason) {

    /**
     * Checks ranges and texts.
     *
     * @throws IllegalArgumentException if the group is not named, or a number or text is out of range
     */
    public GroupRetryRequest {
        if (processor == null && fingerprint == null) {
            throw new IllegalArgumentException("A group retry needs a processor, a fingerprint, or both");
        }
        if ((processor + "" + fingerprint).indexOf('\0') >= 0) {
            throw new IllegalArgumentException("No processor and no fingerprint holds a NUL character");
        }
        if (most < 1) {
            throw new IllegalArgumentException("most must be at least 1, but is " + most);
        }
        if (perSecond < 1 || perSecond > 1_000) {
            throw new IllegalArgumentException("perSecond must be 1 to 1,000, but is " + perSecond);
        }
        Intervention.requireSigned(by, reason);
    }

    /** Without who and why. */
    @Override
    public String toString() {
        return "GroupRetryRequest[" + processor + " " + fingerprint + ", most " + most + ", " + perSecond
                + " a second]";
    }
}
