package io.farandole.axon;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Tells which free segments should be worked on by now. After an error Axon's coordinator keeps away from a segment for twice as
 * long each time it looks, up to a minute, and does not begin anew when the cause is gone: a short outage of the
 * database could cost a minute. Someone who releases a segment on purpose is obeyed. Used by one thread at a time, except
 * {@link #released}.
 */
final class Reclaims {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Map<Integer, Long> freeSince = new HashMap<>();
    private final Map<Integer, Long> releasedUntil = new HashMap<>();

    /** A person has released a segment for some time. */
    synchronized void released(int segment, Duration time, long nanoTime) {
        releasedUntil.put(segment, nanoTime + time.toNanos());
    }

    /**
     * The segments to claim.
     *
     * @param free nobody's claims, or this instance's own
     * @param working which of them this instance works on
     */
    synchronized List<Integer> due(List<Integer> free, IntPredicate working, long nanoTime) {
        releasedUntil.values().removeIf(until -> until - nanoTime <= 0);
        freeSince.keySet().retainAll(free);
        freeSince.keySet().removeIf(working::test);
        return free.stream()
                .filter(segment -> !working.test(segment) && !releasedUntil.containsKey(segment))
                .filter(segment -> nanoTime - freeSince.computeIfAbsent(segment, s -> nanoTime) >= PATIENCE.toNanos())
                .toList();
    }
}
