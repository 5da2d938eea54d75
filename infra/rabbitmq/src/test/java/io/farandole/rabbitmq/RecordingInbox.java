package io.farandole.rabbitmq;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.Inbox;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An inbox in memory, with the duplicate guard of the port; can be away, or refuse single events. */
final class RecordingInbox implements Inbox {

    private final Map<String, Envelope> events = new LinkedHashMap<>();
    private final List<Integer> batches = new ArrayList<>();
    private final Set<String> refused = new HashSet<>();
    private int duplicates;
    private int attempts;
    private boolean down;

    @Override
    public synchronized Receipt append(List<Envelope> batch) {
        attempts++;
        if (down) {
            throw new IllegalStateException("the store is away");
        }
        if (batch.stream().anyMatch(event -> refused.contains(event.id()))) {
            throw new IllegalArgumentException("the store refuses an event");
        }
        int appended = 0;
        int known = 0;
        List<String> conflicts = new ArrayList<>();
        for (Envelope event : batch) {
            Envelope first = events.putIfAbsent(event.source() + " " + event.id(), event);
            if (first == null) {
                appended++;
            } else if (first.body().equals(event.body())) {
                known++;
            } else {
                conflicts.add(event.id());
            }
        }
        duplicates += known;
        batches.add(batch.size());
        return new Receipt(appended, known, conflicts);
    }

    /** In the order in which they became durable. */
    synchronized List<Envelope> events() {
        return List.copyOf(events.values());
    }

    synchronized List<String> ids() {
        return events.values().stream().map(Envelope::id).toList();
    }

    synchronized int size() {
        return events.size();
    }

    synchronized int duplicates() {
        return duplicates;
    }

    synchronized int attempts() {
        return attempts;
    }

    synchronized List<Integer> batches() {
        return List.copyOf(batches);
    }

    synchronized void down(boolean down) {
        this.down = down;
    }

    synchronized void refuse(String id) {
        refused.add(id);
    }
}
