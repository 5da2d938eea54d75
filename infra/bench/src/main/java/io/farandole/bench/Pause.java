package io.farandole.bench;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Lets time pass where time itself is what is asked for. */
final class Pause {

    private Pause() {}

    /** Returns after that time and no earlier; parking alone may return at any time. Fails at once if the thread is interrupted. */
    static void of(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        long left = time.toNanos();
        while (left > 0) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("Interrupted while waiting for " + time);
            }
            LockSupport.parkNanos(left);
            left = until - System.nanoTime();
        }
    }
}
