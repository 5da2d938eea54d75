package io.farandole.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured round by round, by name. Used by one thread. */
final class Medians {

    private final Map<String, List<Double>> rounds = new LinkedHashMap<>();

    /** Notes what a round gave. */
    void note(String name, double value) {
        rounds.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }

    /** The median of what was noted under that name. */
    double of(String name) {
        List<Double> values = rounds.get(name);
        if (values == null) {
            throw new IllegalArgumentException(
                    "Nothing was measured under the name '" + name + "', only " + rounds.keySet());
        }
        return Throughput.median(values);
    }
}
