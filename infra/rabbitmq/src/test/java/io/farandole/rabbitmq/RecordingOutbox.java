package io.farandole.rabbitmq;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;
import io.farandole.messaging.Outbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** An outbox in memory: keeps what is appended, one lease at a time, and can fail on demand. */
final class RecordingOutbox implements Outbox {

    private final List<Envelope> events = new ArrayList<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final List<Long> saves = new ArrayList<>();
    private long saved;
    private boolean leased;
    private boolean down;
    private int reads;

    /** Appends one event; positions rise by two, as gaps do occur. */
    Envelope append(EventType type, String processKey) {
        Envelope event;
        synchronized (this) {
            long position = 2L * (events.size() + 1);
            event = Events.event(type, "e-" + position, processKey, position);
            events.add(event);
        }
        listeners.forEach(Runnable::run);
        return event;
    }

    synchronized void append(Envelope event) {
        events.add(event);
        listeners.forEach(Runnable::run);
    }

    synchronized List<Envelope> events() {
        return List.copyOf(events);
    }

    synchronized long saved() {
        return saved;
    }

    synchronized List<Long> saves() {
        return List.copyOf(saves);
    }

    synchronized boolean isLeased() {
        return leased;
    }

    synchronized int reads() {
        return reads;
    }

    synchronized void down(boolean down) {
        this.down = down;
    }

    private synchronized void failIfDown() {
        if (down) {
            throw new IllegalStateException("the store is away");
        }
    }

    @Override
    public synchronized Optional<Lease> acquire() {
        failIfDown();
        if (leased) {
            return Optional.empty();
        }
        leased = true;
        return Optional.of(new RecordingLease());
    }

    @Override
    public AutoCloseable onAppend(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private final class RecordingLease implements Lease {

        private boolean closed;

        @Override
        public long position() {
            return saved();
        }

        @Override
        public Batch read(long after, int limit) {
            synchronized (RecordingOutbox.this) {
                failIfDown();
                reads++;
                List<Envelope> found = events.stream()
                        .filter(event -> event.sequence() > after)
                        .limit(limit)
                        .toList();
                long upTo =
                        found.isEmpty() ? after : found.get(found.size() - 1).sequence();
                return new Batch(found, upTo);
            }
        }

        @Override
        public void save(long position) {
            synchronized (RecordingOutbox.this) {
                failIfDown();
                if (closed) {
                    throw new IllegalStateException("the lease is closed");
                }
                saved = position;
                saves.add(position);
            }
        }

        @Override
        public void close() {
            synchronized (RecordingOutbox.this) {
                if (!closed) {
                    closed = true;
                    leased = false;
                }
            }
        }
    }
}
