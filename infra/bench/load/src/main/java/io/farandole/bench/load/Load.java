package io.farandole.bench.load;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Puts load on a contender. Both ways end with every order complete, or with an exception if none completes for a minute. */
public final class Load {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Load() {}

    /**
     * Places orders as fast as the contender completes them, so many at a time, until so many are complete.
     *
     * @param firstNumber the number of the first order
     * @param orders how many orders to place
     * @param inFlight how many orders are placed and not complete, at most
     */
    public static LoadResult saturate(LoadTarget target, Workload workload, long firstNumber, int orders, int inFlight)
            throws InterruptedException {
        Semaphore free = new Semaphore(inFlight);
        Ledger ledger = new Ledger(free::release);
        long start = System.nanoTime();
        for (int i = 0; i < orders; i++) {
            while (!free.tryAcquire(1, TimeUnit.SECONDS)) {
                ledger.assertLively(PATIENCE);
            }
            ledger.place(target, workload.order(firstNumber + i), System.nanoTime());
        }
        return ledger.await(start, PATIENCE);
    }

    /**
     * Places orders at their times, whatever becomes of those before: one that could not be placed in time is placed at once,
     * and its latency counts from when it should have been.
     *
     * @param firstNumber the number of the first order
     * @param ratePerSecond orders per second
     * @param duration for how long orders are placed
     */
    public static LoadResult open(
            LoadTarget target, Workload workload, long firstNumber, double ratePerSecond, Duration duration)
            throws InterruptedException {
        if (ratePerSecond <= 0) {
            throw new IllegalArgumentException("The rate must be above 0, not " + ratePerSecond);
        }
        Ledger ledger = new Ledger(() -> {});
        long orders = Math.max(1, Math.round(ratePerSecond * duration.toNanos() / 1e9));
        long start = System.nanoTime();
        for (long i = 0; i < orders; i++) {
            long intended = start + Math.round(i * 1e9 / ratePerSecond);
            long wait = intended - System.nanoTime();
            while (wait > 0) {
                LockSupport.parkNanos(wait);
                if (Thread.interrupted()) {
                    throw new InterruptedException("The load was interrupted at order " + (firstNumber + i));
                }
                wait = intended - System.nanoTime();
            }
            ledger.place(target, workload.order(firstNumber + i), intended);
        }
        return ledger.await(start, PATIENCE);
    }
}
