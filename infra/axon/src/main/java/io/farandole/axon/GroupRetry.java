package io.farandole.axon;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a group retry has come. Requested = resolved + failed again + superseded + not tried yet. What was requested goes on
 * after the group retry has ended, so the other numbers may still change then.
 *
 * @param id of the group retry; its members' decisions carry it ({@link ParkedDecision#groupId})
 * @param processor of the group; null for every processor
 * @param fingerprint of the failure; null for every failure
 * @param most how many at most
 * @param perSecond how many a second at most
 * @param by who decided
 * @param reason why
 * @param state whether more members are going to be requested
 * @param startedAt when it was decided
 * @param endedAt when its last member was requested, or it was cancelled; null while it runs
 * @param requested members whose retry was requested
 * @param resolved of these, how many have had their event handled
 * @param failedAgain of these, how many have failed again, and were not resolved since
 * @param remaining members that are still to be requested; 0 once it has ended
 */
public record GroupRetry(
        String id,
        @Nullable String processor,
        @Nullable String fingerprint,
        int most,
        int perSecond,
        String by,
        String reason,
        State state,
        Instant startedAt,
        @Nullable Instant endedAt,
        long requested,
        long resolved,
        long failedAgain,
        long remaining) {

    /** Whether more members are going to be requested. A stored name: do not rename. */
    public enum State {
        /** Yes. */
        RUNNING,
        /** No: all members were. */
        DONE,
        /** No: a person has stopped it. */
        CANCELLED
    }

    /** Without who and why. */
    @Override
    public String toString() {
        return "GroupRetry[" + id + " " + processor + " " + fingerprint + " " + state + ", requested " + requested
                + ", resolved " + resolved + ", failed again " + failedAgain + ", remaining " + remaining + "]";
    }
}
