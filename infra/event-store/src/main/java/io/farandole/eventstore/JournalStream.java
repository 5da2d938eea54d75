package io.farandole.eventstore;

import java.util.ArrayDeque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.jspecify.annotations.Nullable;

/**
 * One reader's way through the journal: from the shared tail while it keeps up, by reads of its own while it is behind.
 * One thread at a time uses it; the journal's thread only signals.
 */
final class JournalStream implements TrackingEventStream, JournalTail.Follower {

    private static final long LONGEST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final JournalEventStorageEngine engine;
    private final Journal journal;
    private final Pace pace;
    private final ArrayDeque<TrackedEventMessage<?>> ready = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();

    /** How often there was news; written under the lock. */
    private volatile long signals;

    /** How far rows have been taken; what is ready may be behind. */
    private long position;

    private volatile boolean blocked;
    private volatile long blockedSince;
    private volatile long lastLook;
    private volatile boolean closed;
    private volatile @Nullable Runnable callback;

    JournalStream(JournalEventStorageEngine engine, long position, Pace pace) {
        this.engine = engine;
        this.journal = engine.journal();
        this.position = position;
        this.pace = pace;
        journal.tail().follow(this);
    }

    @Override
    public Optional<TrackedEventMessage<?>> peek() {
        return available() ? Optional.ofNullable(ready.peek()) : Optional.empty();
    }

    @Override
    public boolean hasNextAvailable() {
        return available();
    }

    @Override
    public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
        long left = unit.toNanos(timeout);
        while (true) {
            long before = signals;
            if (available()) {
                return true;
            }
            if (left <= 0 || closed) {
                return false;
            }
            lock.lockInterruptibly();
            try {
                // Counted, so that a signal between the look and the wait is not missed.
                while (signals == before && left > 0) {
                    left = advanced.awaitNanos(left);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    @Override
    public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
        while (!hasNextAvailable(1, TimeUnit.SECONDS)) {
            if (closed) {
                throw new NoSuchElementException("The stream of " + journal.context() + "'s journal is closed");
            }
        }
        TrackedEventMessage<?> next = ready.remove();
        pace.out(JournalEventStorageEngine.position(next.trackingToken()));
        return next;
    }

    private boolean available() {
        if (closed) {
            return false;
        }
        if (ready.isEmpty()) {
            fill();
        }
        return !ready.isEmpty() && (sameTokenAsBefore() || pace.mayGoOn());
    }

    /** What upcasters made of one row belongs together, whatever the pace. */
    private boolean sameTokenAsBefore() {
        TrackedEventMessage<?> next = ready.peek();
        return next != null && pace.last() == JournalEventStorageEngine.position(next.trackingToken());
    }

    private void fill() {
        List<TailRows.Slot> slots = journal.tail().after(position, JournalEventStore.PAGE);
        if (slots == null) {
            JournalPage page = journal.read(position, JournalEventStore.PAGE);
            for (JournalRow row : page.rows()) {
                ready.addAll(engine.messages(row));
            }
            position = page.upTo();
            lastLook = System.nanoTime();
            if (page.blocked() && !blocked) {
                blockedSince = lastLook;
            }
            blocked = page.blocked();
        } else {
            for (TailRows.Slot slot : slots) {
                ready.addAll(slot.messages(engine));
                position = slot.row().position();
            }
            blocked = false;
        }
    }

    @Override
    public boolean setOnAvailableCallback(Runnable newCallback) {
        this.callback = newCallback;
        return true;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
    public void advanced() {
        lock.lock();
        try {
            signals = signals + 1;
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
        Runnable current = callback;
        if (current != null && !closed) {
            current.run();
        }
    }

    /** Not only for rows: behind the tail for the end of a transaction, and for the processor to catch up. */
    @Override
    public boolean waits() {
        return blocked || pace.full();
    }

    /** The longer a transaction stays open, the less often it is asked after: from every 2 ms to every 100 ms. */
    @Override
    public boolean due() {
        if (!blocked) {
            return pace.moved();
        }
        long now = System.nanoTime();
        return now - lastLook >= Math.min(LONGEST_LOOK_NANOS, (now - blockedSince) / 4);
    }

    @Override
    public void close() {
        closed = true;
        journal.tail().unfollow(this);
        advanced();
    }
}
