package io.farandole.rabbitmq;

import io.farandole.messaging.Envelope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which event may be published next, and up to where everything is confirmed. Pure bookkeeping of one relay session, used
 * by one thread.
 *
 * <p><b>Why the order per process key holds, whatever fails.</b> An event is offered only when every earlier event of its
 * key, since the saved position, is confirmed: {@code keys} holds a queue per key, of which only the head is ever ready
 * or in flight. A confirm means that the event is in every queue bound to it. So in each queue the first copy of an event
 * stands before the first copy of its successor. A nack, a lost channel, a swallowed confirm, a crash, even a second relay
 * that wrongly believes in its lease, only add further copies later on, and the inbox keeps the first copy. A new session
 * begins at the saved position, before which everything is confirmed, so the argument carries over.
 */
final class PublishWindow {

    private final Deque<Entry> order = new ArrayDeque<>();
    private final Map<String, Deque<Entry>> keys = new HashMap<>();
    private final PriorityQueue<Entry> ready =
            new PriorityQueue<>(Comparator.comparingLong(entry -> entry.event.sequence()));
    private final NavigableMap<Long, Entry> inFlight = new TreeMap<>();
    private long confirmedUpTo;
    private long readUpTo;
    private int unconfirmed;

    PublishWindow(long position) {
        this.confirmedUpTo = position;
        this.readUpTo = position;
    }

    /** Takes events in order of their position, which lie after everything taken before. */
    void add(Collection<Envelope> events, long upTo) {
        for (Envelope event : events) {
            Entry entry = new Entry(event);
            order.add(entry);
            unconfirmed++;
            Deque<Entry> sameKey = keys.computeIfAbsent(event.processKey(), key -> new ArrayDeque<>());
            sameKey.add(entry);
            if (sameKey.size() == 1) {
                ready.add(entry);
            }
        }
        readUpTo = Math.max(readUpTo, upTo);
        advance();
    }

    /** The earliest event that may be published now; null if all wait for confirms. */
    @Nullable Envelope peekReady() {
        Entry entry = ready.peek();
        return entry == null ? null : entry.event;
    }

    /** What {@link #peekReady} gave is about to be published under this number; before the call that publishes it. */
    void publishing(long number, long nanos) {
        Entry entry = ready.remove();
        entry.publishedNanos = nanos;
        entry.returned = false;
        inFlight.put(number, entry);
    }

    /** The broker has no queue for an event; its confirm is still to come, and does not count. */
    @Nullable Envelope returned(@Nullable String eventId) {
        for (Entry entry : inFlight.values()) {
            if (entry.event.id().equals(eventId)) {
                entry.returned = true;
                return entry.event;
            }
        }
        return null;
    }

    /** What the broker confirms; numbers that are unknown, or confirmed before, are no events. */
    List<Confirmed> confirm(long number, boolean multiple) {
        List<Confirmed> confirmed = new ArrayList<>();
        for (Entry entry : take(number, multiple)) {
            if (entry.returned) {
                ready.add(entry);
                continue;
            }
            entry.confirmed = true;
            unconfirmed--;
            confirmed.add(new Confirmed(entry.event, entry.publishedNanos));
            releaseSuccessor(entry);
        }
        advance();
        return confirmed;
    }

    /** What the broker refuses for now becomes ready again; its successors of the same key still wait. */
    List<Envelope> nack(long number, boolean multiple) {
        List<Envelope> nacked = new ArrayList<>();
        for (Entry entry : take(number, multiple)) {
            ready.add(entry);
            nacked.add(entry.event);
        }
        return nacked;
    }

    private List<Entry> take(long number, boolean multiple) {
        if (!multiple) {
            Entry entry = inFlight.remove(number);
            return entry == null ? List.of() : List.of(entry);
        }
        NavigableMap<Long, Entry> upTo = inFlight.headMap(number, true);
        List<Entry> entries = new ArrayList<>(upTo.values());
        upTo.clear();
        return entries;
    }

    private void releaseSuccessor(Entry entry) {
        String key = entry.event.processKey();
        Deque<Entry> sameKey = keys.get(key);
        if (sameKey == null) {
            return;
        }
        sameKey.remove();
        Entry successor = sameKey.peek();
        if (successor == null) {
            keys.remove(key);
        } else {
            ready.add(successor);
        }
    }

    private void advance() {
        Entry head = order.peek();
        while (head != null && head.confirmed) {
            confirmedUpTo = Math.max(confirmedUpTo, head.event.sequence());
            order.remove();
            head = order.peek();
        }
        if (head == null) {
            confirmedUpTo = Math.max(confirmedUpTo, readUpTo);
        }
    }

    /** Everything up to this position is confirmed, or was not to be published. */
    long confirmedUpTo() {
        return confirmedUpTo;
    }

    /** Where to go on reading. */
    long readUpTo() {
        return readUpTo;
    }

    int inFlight() {
        return inFlight.size();
    }

    /** Events in memory, those included that are confirmed while an earlier one is not. */
    int held() {
        return order.size();
    }

    int unconfirmed() {
        return unconfirmed;
    }

    /** The earliest event that is not confirmed; null if there is none. */
    @Nullable Envelope oldestUnconfirmed() {
        Entry head = order.peek();
        return head == null ? null : head.event;
    }

    /** How long the longest waiting event in flight has waited; 0 if none is in flight. */
    long oldestInFlightNanos(long now) {
        // Numbers rise with time, so the first one has waited longest.
        return inFlight.isEmpty() ? 0 : now - inFlight.firstEntry().getValue().publishedNanos;
    }

    /** An event that the broker has confirmed, and when it was published. */
    record Confirmed(Envelope event, long publishedNanos) {}

    private static final class Entry {
        private final Envelope event;
        private long publishedNanos;
        private boolean confirmed;
        private boolean returned;

        private Entry(Envelope event) {
            this.event = event;
        }
    }
}
