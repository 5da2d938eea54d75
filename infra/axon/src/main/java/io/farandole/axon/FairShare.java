package io.farandole.axon;

import io.farandole.axon.InstanceTable.Other;
import io.farandole.axon.InstanceTable.Sight;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which of its segments an instance should leave to others. Each instance decides for itself, and only ever gives: it gives what it has
 * above the fair share, rounded up; and where all segments are taken, one more if another has two fewer. So what is on its way
 * from one to the other, and belongs to nobody, is not given twice, and no two instances hand a segment to and fro: after each
 * gift the giver has no fewer than the other had before it.
 */
final class FairShare {

    private FairShare() {}

    /** A segment of a processor. */
    record Owned(String processor, int segment) {}

    /**
     * The segments to give.
     *
     * @param held what this instance works on
     * @param sight what it sees besides
     */
    static List<Owned> toGive(Collection<Owned> held, Sight sight) {
        Set<String> wanted = new HashSet<>();
        sight.others().forEach(other -> wanted.addAll(other.processors()));
        List<Owned> left = new ArrayList<>(held);
        List<Owned> given = new ArrayList<>();
        int excess = excess(held.size(), sight);
        while (given.size() < excess) {
            Map<String, Integer> byProcessor = new HashMap<>();
            left.forEach(owned -> byProcessor.merge(owned.processor(), 1, Integer::sum));
            // Of the processor that most is held of: so each processor's work is spread as well.
            Owned next = left.stream()
                    .filter(owned -> wanted.contains(owned.processor()))
                    .max(Comparator.comparingInt((Owned owned) -> byProcessor.getOrDefault(owned.processor(), 0))
                            .thenComparing(Owned::processor)
                            .thenComparingInt(Owned::segment))
                    .orElse(null);
            if (next == null) {
                break;
            }
            left.remove(next);
            given.add(next);
        }
        return given;
    }

    private static int excess(int held, Sight sight) {
        if (sight.others().isEmpty()) {
            return 0;
        }
        int instances = sight.others().size() + 1;
        int fair = (sight.total() + instances - 1) / instances;
        if (held > fair) {
            return held - fair;
        }
        int least = Integer.MAX_VALUE;
        int taken = held;
        for (Other other : sight.others()) {
            least = Math.min(least, other.segments());
            taken += other.segments();
        }
        return taken >= sight.total() && held - least >= 2 ? 1 : 0;
    }
}
