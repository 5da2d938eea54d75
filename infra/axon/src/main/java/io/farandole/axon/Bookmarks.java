package io.farandole.axon;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When a segment that meets only events which it does not handle stores how far it has come: by a batch with one of these events,
 * which nobody handles. A batch's token is refused to a late worker; Axon would store one without a batch, which cannot be told from
 * a late worker's ({@link BatchTokens}). Thread-safe.
 */
final class Bookmarks {

    private final long everyNanos;
    private final long created;

    /** By segment, when the next one is due. */
    private final Map<Integer, Long> due = new ConcurrentHashMap<>();

    /** At most one in so long, for each segment. */
    Bookmarks(Duration every, long now) {
        this.everyNanos = every.toNanos();
        this.created = now;
    }

    /** Whether some segment may be due, or is not known yet. */
    boolean isAnyDue(long now) {
        return due.isEmpty()
                ? now - created >= everyNanos
                : due.values().stream().anyMatch(time -> now - time >= 0);
    }

    /** Whether to let an event through for this segment; it is not due again soon if so. */
    boolean take(int segment, long now) {
        Long time = due.putIfAbsent(segment, now + everyNanos);
        if (time == null || now - time < 0) {
            return false;
        }
        due.put(segment, now + everyNanos);
        return true;
    }

    /** A batch has stored the segment's token. */
    void stored(int segment, long now) {
        due.put(segment, now + everyNanos);
    }

    /** Forgets segments that this instance works on no more. */
    void retain(Set<Integer> segments) {
        due.keySet().retainAll(segments);
    }
}
