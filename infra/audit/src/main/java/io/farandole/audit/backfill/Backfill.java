package io.farandole.audit.backfill;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for, and how far it has come.
 *
 * @param id its number
 * @param follower the context that it is sent to
 * @param types the wire types that are sent
 * @param after it begins after this position of the journal
 * @param upTo it ends with this one
 * @param rate at most so many events a second; null for as fast as it goes
 * @param requestedBy who asked for it
 * @param reason why
 * @param state what has become of it
 * @param position confirmed by the broker up to here
 * @param events how many were sent
 * @param perSecond how many a second, since it began; 0 if it has not
 * @param secondsLeft at that rate; null if it has ended, or nothing can be said yet
 * @param holder the instance that works at it; null if none does
 * @param trouble what keeps it from going on, with its remedy where there is one; null if nothing is known of
 * @param troubleSince since when; null if nothing is
 * @param endedAt null while it has not ended
 */
public record Backfill(
        long id,
        String follower,
        List<String> types,
        long after,
        long upTo,
        @Nullable Integer rate,
        String requestedBy,
        String reason,
        Instant requestedAt,
        State state,
        long position,
        long events,
        long perSecond,
        @Nullable Long secondsLeft,
        @Nullable String holder,
        @Nullable String trouble,
        @Nullable Instant troubleSince,
        @Nullable Instant endedAt) {

    public Backfill {
        types = List.copyOf(types);
    }

    /** What has become of one. */
    public enum State {
        RUNNING,
        PAUSED,
        DONE,
        CANCELLED
    }
}
