package io.farandole.bench;

import java.util.function.LongSupplier;

/** Someone who commits events and has them confirmed by a broker. Thread-safe. */
interface Publishing {

    String name();

    /** Commits the next event; returns when it has committed at the earliest. */
    Sent send() throws Exception;

    /**
     * An event that was sent. Times are those of {@link System#nanoTime}.
     *
     * @param committedNanos when it had committed
     * @param confirmed waits until it is confirmed and tells when that was
     */
    record Sent(long committedNanos, LongSupplier confirmed) {

        /** From the commit until it was confirmed; waits for that. */
        long nanos() {
            return Math.max(0, confirmed.getAsLong() - committedNanos);
        }
    }
}
