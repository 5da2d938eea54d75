package io.farandole.audit.whatif;

import io.farandole.saga.step.StepView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Compares what two versions did with a process. Pure. */
final class Comparison {

    private Comparison() {}

    /** What differs at the events of a time that counts; empty if nothing does. */
    static Optional<ProcessDifference> of(ReplayedProcess before, ReplayedProcess now, Predicate<Instant> counts) {
        Map<String, ReplayedEvent> old = byKey(before);
        Map<String, ReplayedEvent> changed = byKey(now);
        Set<String> keys = new LinkedHashSet<>(old.keySet());
        keys.addAll(changed.keySet());
        List<EventDifference> events = new ArrayList<>();
        for (String key : keys) {
            ReplayedEvent one = old.get(key);
            ReplayedEvent other = changed.get(key);
            ReplayedEvent any = one == null ? other : one;
            if (any != null && counts.test(any.at())) {
                difference(any, lines(one), lines(other)).ifPresent(events::add);
            }
        }
        events.sort((a, b) -> Long.compare(a.position(), b.position()));
        List<String> others = others(before, now);
        return events.isEmpty() && others.isEmpty()
                ? Optional.empty()
                : Optional.of(new ProcessDifference(before.processKey(), events, others));
    }

    /** What only one of two lists has, or both whole if only their order differs; empty if they are the same. */
    static Optional<EventDifference> difference(ReplayedEvent event, List<String> before, List<String> now) {
        if (before.equals(now)) {
            return Optional.empty();
        }
        List<String> onlyBefore = without(before, now);
        List<String> onlyNow = without(now, before);
        boolean reordered = onlyBefore.isEmpty() && onlyNow.isEmpty();
        return Optional.of(new EventDifference(
                event.position(),
                event.eventId(),
                event.type(),
                event.at(),
                reordered ? before : onlyBefore,
                reordered ? now : onlyNow));
    }

    private static List<String> without(List<String> all, List<String> those) {
        List<String> left = new ArrayList<>(all);
        those.forEach(left::remove);
        return left;
    }

    /** A deadline that passes by its time alone is the same one if it has the same name and passes at the same time. */
    private static Map<String, ReplayedEvent> byKey(ReplayedProcess process) {
        Map<String, ReplayedEvent> events = new LinkedHashMap<>();
        for (ReplayedEvent event : process.events()) {
            String key = event.byTimeAlone() ? event.type() + " " + event.at() : event.eventId() + " " + event.type();
            String distinct = key;
            for (int i = 2; events.containsKey(distinct); i++) {
                distinct = key + " " + i;
            }
            events.put(distinct, event);
        }
        return events;
    }

    static List<String> lines(@Nullable ReplayedEvent event) {
        List<String> lines = new ArrayList<>();
        if (event != null) {
            event.actions().forEach(action -> lines.add(action.describe()));
            if (event.failure() != null) {
                lines.add("throw " + event.failure());
            }
        }
        return lines;
    }

    private static List<String> others(ReplayedProcess before, ReplayedProcess now) {
        List<String> others = new ArrayList<>();
        if (before.started() != now.started()) {
            others.add(now.started() ? "Only now there is a saga." : "There is no saga any more.");
        } else if (before.ended() != now.ended()) {
            others.add(now.ended() ? "The saga ends, and did not." : "The saga does not end, and did.");
        }
        others.addAll(steps(before.steps(), now.steps()));
        return others;
    }

    /** Steps that stand elsewhere. */
    static List<String> steps(List<StepView> before, List<StepView> now) {
        Map<String, String> old = stands(before);
        Map<String, String> changed = stands(now);
        Set<String> names = new LinkedHashSet<>(old.keySet());
        names.addAll(changed.keySet());
        List<String> differing = new ArrayList<>();
        for (String name : names) {
            String was = old.getOrDefault(name, "not begun");
            String is = changed.getOrDefault(name, "not begun");
            if (!was.equals(is)) {
                differing.add("Step '" + name + "' is " + is + ", and was " + was + ".");
            }
        }
        return differing;
    }

    private static Map<String, String> stands(List<StepView> steps) {
        Map<String, String> stands = new LinkedHashMap<>();
        steps.forEach(step -> stands.put(step.step(), step.status() + " at attempt " + step.attempt()));
        return stands;
    }
}
