package io.farandole.axon;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Up to which positions segments may have handled events that their work packages have still to hand out ({@link Probes}). Only a hint
 * when to ask the stored token, which alone knows: a segment may have moved, or begun anew. Thread-safe.
 */
final class HandledAhead {

    private final Map<Integer, Long> positions = new ConcurrentHashMap<>();

    void upTo(int segment, long position) {
        positions.put(segment, position);
    }

    /** Whether an event, the first one of a batch, may have been handled already. */
    boolean mayInclude(int segment, long position) {
        Long upTo = positions.get(segment);
        if (upTo != null && position > upTo) {
            positions.remove(segment, upTo);
            return false;
        }
        return upTo != null;
    }
}
