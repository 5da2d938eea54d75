package io.farandole.banks;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How late a late answer is; it is not waited for any more once the banks stop. Thread-safe. */
final class Slowness implements AutoCloseable {

    private final Duration lateness;
    private final CountDownLatch stopped = new CountDownLatch(1);

    Slowness(Duration lateness) {
        this.lateness = lateness;
    }

    /**
     * Waits until a late answer is due.
     *
     * @return whether it is still to be sent: not if the banks have stopped
     * @throws InterruptedException if this thread is to end
     */
    boolean pause() throws InterruptedException {
        return !stopped.await(lateness.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        stopped.countDown();
    }
}
