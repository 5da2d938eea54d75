package io.farandole.audit.timeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Puts the events of several journals in one order that contradicts none of them.
 *
 * <p>Before an event come: the event that caused it; what its context did before, as the positions in its journal tell; and what its context
 * had heard before. Each of these happened earlier, whatever the clocks say, so they have no circle. The order in which a context
 * <em>heard</em> of two others' events is no such thing: queues of different producers overtake each other. Among what is free to come next, the earliest by its
 * own clock comes first.
 *
 * <p>A circle would mean that a journal was altered, or that two contexts claim one name; then what is left is put in order by its time alone,
 * for showing it is better than refusing to.
 */
final class CausalOrder {

    private final Map<Id, Node> nodes = new LinkedHashMap<>();

    /** An event's identity: ids are unique per context. */
    record Id(String source, String eventId) {}

    private static final class Node {
        private final Id id;
        private final HistoryEvent event;
        private final List<Node> after = new ArrayList<>();
        private int before;

        Node(Id id, HistoryEvent event) {
            this.id = id;
            this.event = event;
        }

        void comesBefore(Node later) {
            if (later != this) {
                after.add(later);
                later.before++;
            }
        }
    }

    private CausalOrder() {}

    static List<Id> of(List<ProcessHistory> histories) {
        return new CausalOrder().order(histories);
    }

    private List<Id> order(List<ProcessHistory> histories) {
        for (ProcessHistory history : histories) {
            for (HistoryEvent event : history.events()) {
                Id id = new Id(event.source(), event.eventId());
                nodes.computeIfAbsent(id, it -> new Node(it, event));
            }
        }
        Map<String, Node> byEventId = new LinkedHashMap<>();
        nodes.values().forEach(node -> byEventId.putIfAbsent(node.event.eventId(), node));
        for (Node node : nodes.values()) {
            String cause = node.event.causationId();
            Node causing = cause == null ? null : byEventId.get(cause);
            if (causing != null) {
                causing.comesBefore(node);
            }
        }
        histories.forEach(this::orderWithin);
        return sorted();
    }

    /** What a context did comes after all that it did and heard before. */
    private void orderWithin(ProcessHistory history) {
        List<Node> earlier = new ArrayList<>();
        for (HistoryEvent event : history.events()) {
            Node node = nodes.get(new Id(event.source(), event.eventId()));
            if (node == null) {
                continue;
            }
            if (event.own()) {
                earlier.forEach(it -> it.comesBefore(node));
                // Whatever comes after this one comes after those too.
                earlier.clear();
            }
            earlier.add(node);
        }
    }

    private List<Id> sorted() {
        Comparator<Node> byTime = Comparator.comparing((Node node) -> node.event.occurredAt())
                .thenComparing(node -> node.id.source())
                .thenComparing(node -> node.event.position())
                .thenComparing(node -> node.id.eventId());
        PriorityQueue<Node> free = new PriorityQueue<>(byTime);
        nodes.values().stream().filter(node -> node.before == 0).forEach(free::add);
        List<Id> sorted = new ArrayList<>();
        while (sorted.size() < nodes.size()) {
            Node next = free.poll();
            if (next == null) {
                nodes.values().stream()
                        .filter(node -> node.before > 0)
                        .sorted(byTime)
                        .forEach(node -> sorted.add(node.id));
                return sorted;
            }
            sorted.add(next.id);
            for (Node later : next.after) {
                if (--later.before == 0) {
                    free.add(later);
                }
            }
        }
        return sorted;
    }
}
