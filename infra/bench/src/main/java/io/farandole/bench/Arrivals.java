package io.farandole.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What has come out of a queue, compared with what went in. */
final class Arrivals {

    private Arrivals() {}

    /**
     * An event.
     *
     * @param id its id
     * @param processKey the process within which order counts
     */
    record Event(String id, String processKey) {}

    /** What is wrong: events that are missing, strange or doubled, and processes in another order; empty if nothing is. */
    static List<String> faults(List<Event> sent, List<Event> arrived) {
        List<String> faults = new ArrayList<>();
        Set<Event> expected = new HashSet<>(sent);
        Set<Event> distinct = new HashSet<>(arrived);
        count(faults, "doubled", arrived.size() - distinct.size());
        count(
                faults,
                "lost",
                expected.stream().filter(event -> !distinct.contains(event)).count());
        count(
                faults,
                "strange",
                distinct.stream().filter(event -> !expected.contains(event)).count());
        if (faults.isEmpty()) {
            Map<String, List<String>> orders = byProcess(arrived);
            byProcess(sent).forEach((key, ids) -> {
                if (!ids.equals(orders.get(key))) {
                    faults.add("events of " + key + " came in another order");
                }
            });
        }
        return List.copyOf(faults);
    }

    private static void count(List<String> faults, String what, long events) {
        if (events > 0) {
            faults.add(events + " events are " + what);
        }
    }

    private static Map<String, List<String>> byProcess(List<Event> events) {
        Map<String, List<String>> byProcess = new HashMap<>();
        events.forEach(event -> byProcess
                .computeIfAbsent(event.processKey(), key -> new ArrayList<>())
                .add(event.id()));
        return byProcess;
    }
}
