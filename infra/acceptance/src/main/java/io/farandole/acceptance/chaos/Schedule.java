package io.farandole.acceptance.chaos;

import io.farandole.acceptance.chaos.Fault.Lane;
import io.farandole.shop.kernel.PublishedLanguage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What a seed makes happen: the same seed, the same faults at the same times. Where exactly a message or a transaction is hit
 * then is not in a seed's hands: a run that failed may have to be run again some times.
 *
 * <p>Each lane draws its faults from a bag that is filled again when it is empty, so none of them is left out for long.
 */
final class Schedule {

    private static final List<String> CONTEXTS = List.of("order", "stock", "payment");
    private static final long FIRST_MILLIS = 3_000;
    private static final int LONGEST_GAP_MILLIS = 8_000;
    private static final int SHORTEST_GAP_MILLIS = 1_500;

    private final Map<Lane, List<Strike>> lanes = new EnumMap<>(Lane.class);

    private Schedule(Random random, Duration length) {
        for (Lane lane : Lane.values()) {
            lanes.put(lane, draw(lane, random, length));
        }
    }

    /** The schedule of a seed for so long. */
    static Schedule of(long seed, Duration length) {
        return new Schedule(new Random(seed), length);
    }

    /** The faults of one lane, in order. */
    List<Strike> lane(Lane lane) {
        return List.copyOf(lanes.getOrDefault(lane, List.of()));
    }

    private static List<Strike> draw(Lane lane, Random random, Duration length) {
        List<Strike> strikes = new ArrayList<>();
        List<Fault> bag = new ArrayList<>();
        long at = FIRST_MILLIS;
        while (at < length.toMillis()) {
            if (bag.isEmpty()) {
                bag.addAll(Fault.of(lane));
                Collections.shuffle(bag, random);
            }
            Fault fault = bag.remove(bag.size() - 1);
            long lasts = fault.drawDuration(random);
            strikes.add(new Strike(
                    Duration.ofMillis(at),
                    fault,
                    target(fault.target(), random),
                    Duration.ofMillis(lasts),
                    random.nextInt(1 << 16)));
            at += lasts + SHORTEST_GAP_MILLIS + random.nextInt(LONGEST_GAP_MILLIS - SHORTEST_GAP_MILLIS);
        }
        return strikes;
    }

    private static String target(Fault.Target target, Random random) {
        String context = CONTEXTS.get(random.nextInt(CONTEXTS.size()));
        return switch (target) {
            case NONE -> "";
            case CONTEXT -> context;
            case INSTANCE -> instance(context, random);
            case WAY -> instance(context, random) + (random.nextBoolean() ? Ways.TO_THE_BROKER : Ways.TO_THE_DATABASE);
            case BINDING -> binding(random);
        };
    }

    private static String instance(String context, Random random) {
        return random.nextBoolean() ? context : context + "-2";
    }

    private static String binding(Random random) {
        List<String> bindings = new ArrayList<>();
        for (PublishedLanguage.Entry<?> entry : PublishedLanguage.ENTRIES) {
            entry.followers().forEach(follower -> bindings.add(entry.wireType() + " to " + follower));
        }
        Collections.sort(bindings);
        return bindings.get(random.nextInt(bindings.size()));
    }
}
