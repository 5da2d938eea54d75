package io.farandole.acceptance.defect;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A place in a service that a test can bar: who comes there while it is closed waits until it is open. Thread-safe. */
final class Gate {

    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final AtomicInteger held = new AtomicInteger();
    private volatile CountDownLatch bar = new CountDownLatch(0);

    void close() {
        bar = new CountDownLatch(1);
    }

    void open() {
        bar.countDown();
    }

    /** Whether somebody waits here. */
    boolean holdsSomebody() {
        return held.get() > 0;
    }

    /**
     * Goes on at once if it is open.
     *
     * @throws IllegalStateException if nobody opens it in time, or the thread is interrupted
     */
    void pass() {
        CountDownLatch now = bar;
        if (now.getCount() == 0) {
            return;
        }
        held.incrementAndGet();
        try {
            if (!now.await(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("Nobody opened the gate within " + LONGEST);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted before the gate was opened", e);
        } finally {
            held.decrementAndGet();
        }
    }
}
