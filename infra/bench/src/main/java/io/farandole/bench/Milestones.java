package io.farandole.bench;

import java.util.OptionalLong;
import java.util.TreeMap;

/** When a position that only rises was first seen to have reached something. Thread-safe. */
final class Milestones {

    private final TreeMap<Long, Long> nanosByPosition = new TreeMap<>();

    /** Notes that the position was seen, by {@link System#nanoTime}; nothing if it had been reached before. */
    synchronized void seen(long position, long nanos) {
        if (nanosByPosition.isEmpty() || position > nanosByPosition.lastKey()) {
            nanosByPosition.put(position, nanos);
        }
    }

    /** When this position, or one beyond, was seen first; empty if it has not been seen. */
    synchronized OptionalLong reached(long position) {
        var first = nanosByPosition.ceilingEntry(position);
        return first == null ? OptionalLong.empty() : OptionalLong.of(first.getValue());
    }
}
