package io.farandole.axon;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.WrappedToken;

/**
 * How far a processor has got in this instance. Axon's status of a segment tells it, except after a batch that was repeated or
 * divided: its work package learns of that only later. Thread-safe.
 */
final class Progress {

    private final Map<Integer, Long> handled = new ConcurrentHashMap<>();
    private volatile Supplier<Map<Integer, EventTrackerStatus>> status = Map::of;

    void follow(Supplier<Map<Integer, EventTrackerStatus>> processingStatus) {
        status = processingStatus;
    }

    /** What a batch's token covers has been committed. */
    void handled(int segment, TrackingToken token) {
        TrackingToken bound = WrappedToken.unwrapLowerBound(token);
        OptionalLong position = bound == null ? OptionalLong.empty() : bound.position();
        position.ifPresent(value -> handled.put(segment, value));
    }

    /**
     * The position up to which all segments of this instance are done; {@link Long#MAX_VALUE} if it holds none. A segment
     * that is given up after an error does not count: it will be read again from its token, and the others must go on.
     */
    long handledUpTo() {
        long lowest = Long.MAX_VALUE;
        for (Map.Entry<Integer, EventTrackerStatus> segment : status.get().entrySet()) {
            if (!segment.getValue().isErrorState()) {
                long own = handled.getOrDefault(segment.getKey(), -1L);
                lowest = Math.min(
                        lowest,
                        Math.max(own, segment.getValue().getCurrentPosition().orElse(-1)));
            }
        }
        return lowest;
    }

    /** Forgets what was handled: a reset goes back. */
    void reset() {
        handled.clear();
    }
}
