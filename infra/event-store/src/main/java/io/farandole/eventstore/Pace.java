package io.farandole.eventstore;

import java.util.function.LongSupplier;

/**
 * How far a stream may run ahead of its processor. Used by the stream's thread, except for {@link #full} and {@link #moved}.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
final class Pace {

    /** No bound. */
    static final Pace NONE = new Pace(0, () -> Long.MAX_VALUE);

    private final LongSupplier handledUpTo;

    /** The positions handed out and not known to be handled, oldest first, in a ring. */
    private final long[] open;

    private int first;
    private volatile int size;
    private volatile long oldest;
    private long last = -1;

    Pace(int lookAhead, LongSupplier handledUpTo) {
        this.open = new long[lookAhead];
        this.handledUpTo = handledUpTo;
    }

    /** Notes an event that is handed out. */
    void out(long position) {
        last = position;
        if (open.length > 0 && size < open.length) {
            open[(first + size) % open.length] = position;
            oldest = open[first];
            size = size + 1;
        }
    }

    /** The position of the event handed out last; -1 at first. */
    long last() {
        return last;
    }

    /** Whether another event may be handed out. */
    boolean mayGoOn() {
        if (size < open.length || open.length == 0) {
            return true;
        }
        long handled = handledUpTo.getAsLong();
        while (size > 0 && open[first] <= handled) {
            first = (first + 1) % open.length;
            size = size - 1;
        }
        oldest = open[first];
        return size < open.length;
    }

    /** Whether the processor has handled the oldest of what is open, at least. Any thread. */
    boolean moved() {
        return handledUpTo.getAsLong() >= oldest;
    }

    /** Whether the stream waits for its processor. Any thread. */
    boolean full() {
        return open.length > 0 && size >= open.length;
    }
}
