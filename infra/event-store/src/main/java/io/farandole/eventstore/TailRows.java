package io.farandole.eventstore;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.jspecify.annotations.Nullable;

/**
 * The newest rows of a journal: all with positions above the base and up to the head that exist. Bounded by number and size; the oldest
 * go first. One thread adds to them; any may look.
 */
final class TailRows {

    private final ReentrantLock lock = new ReentrantLock();
    private final Ring ring;
    private final long maxCharacters;
    private long base = -1;
    private volatile long head = -1;

    TailRows(int capacity, long maxCharacters) {
        this.ring = new Ring(capacity);
        this.maxCharacters = maxCharacters;
    }

    /** Everything up to here has been added; -1 before {@link #beginAt}. */
    long head() {
        return head;
    }

    /** Forgets everything, and begins behind a position. */
    void beginAt(long position) {
        lock.lock();
        try {
            ring.clear();
            base = position;
            head = position;
        } finally {
            lock.unlock();
        }
    }

    /** Adds what comes right after the head. */
    void keep(JournalPage page) {
        lock.lock();
        try {
            for (JournalRow row : page.rows()) {
                ring.add(new Slot(row));
            }
            base = Math.max(base, ring.trim(maxCharacters));
            head = page.upTo();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Rows after a position.
     *
     * @return null if they are no longer, or not yet, here
     */
    @Nullable List<Slot> after(long position, int limit) {
        lock.lock();
        try {
            if (base < 0 || position < base) {
                return null;
            }
            return position >= head ? List.of() : ring.after(position, limit);
        } finally {
            lock.unlock();
        }
    }

    /** A row, and the messages that the first stream made of it, so that others need not make them again. */
    static final class Slot {

        private final JournalRow row;
        private volatile @Nullable List<TrackedEventMessage<?>> messages;

        Slot(JournalRow row) {
            this.row = row;
        }

        JournalRow row() {
            return row;
        }

        List<TrackedEventMessage<?>> messages(JournalEventStorageEngine engine) {
            List<TrackedEventMessage<?>> made = messages;
            if (made == null) {
                made = engine.messages(row);
                messages = made;
            }
            return made;
        }
    }

    /** A bounded queue that can be searched by position. Not thread-safe. */
    private static final class Ring {

        private final Slot[] slots;
        private int first;
        private int size;
        private long characters;
        private long dropped = -1;

        Ring(int capacity) {
            this.slots = new Slot[capacity];
        }

        void add(Slot slot) {
            if (size == slots.length) {
                drop();
            }
            slots[(first + size) % slots.length] = slot;
            size++;
            characters += slot.row().characters();
        }

        void clear() {
            while (size > 0) {
                drop();
            }
        }

        /** Drops the oldest rows until the others fit; returns the highest position that was ever dropped. */
        long trim(long maxCharacters) {
            while (characters > maxCharacters && size > 1) {
                drop();
            }
            return dropped;
        }

        @SuppressWarnings("NullAway") // an emptied place is never read again
        private void drop() {
            JournalRow row = slots[first].row();
            dropped = row.position();
            characters -= row.characters();
            slots[first] = null;
            first = (first + 1) % slots.length;
            size--;
        }

        List<Slot> after(long position, int limit) {
            int low = 0;
            int high = size;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (slots[(first + middle) % slots.length].row().position() <= position) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            int count = Math.min(limit, size - low);
            List<Slot> found = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                found.add(slots[(first + low + i) % slots.length]);
            }
            return found;
        }
    }
}
