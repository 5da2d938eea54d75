package io.farandole.acceptance.chaos;

import io.farandole.acceptance.checker.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the loss of a binding may do to the order of a process, and nothing else may: an event of the type that was not bound comes to its
 * follower after later events of its process, when the relay has noticed and publishes it again. It must come, and once; only its place
 * is not promised. (Where no other queue is bound to the type the broker returns it, and the order is kept; here the one that doubles
 * all messages is.) Thread-safe.
 */
final class Overtakings {

    /** As {@code I5} is told: the follower, its position, the type of the event that came too late. */
    private static final Pattern LATE = Pattern.compile("(\\S+) #\\d+ (\\S+) from .* was received after .*");

    private final Set<String> unbound = ConcurrentHashMap.newKeySet();

    /** A binding is about to be removed; {@code target} as {@link Fault.Target#BINDING} has it. */
    void mayHappen(String target) {
        unbound.add(target);
    }

    /** Those violations that a missing binding does not explain. */
    List<Violation> unexplained(List<Violation> violations) {
        List<Violation> left = new ArrayList<>(violations);
        left.removeIf(this::explains);
        return left;
    }

    private boolean explains(Violation violation) {
        Matcher late = LATE.matcher(violation.message());
        return violation.invariant().equals("I5")
                && late.matches()
                && unbound.contains(late.group(2) + " to " + late.group(1));
    }
}
