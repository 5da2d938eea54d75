package io.farandole.rabbitmq;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Lets one thread wait for others, always with a bound. A signal that comes before the wait is not lost. Thread-safe. */
final class Wakeup {

    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean signalled;

    void signal() {
        lock.lock();
        try {
            signalled = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next signal, or one since the last wait. An interrupt ends the wait and stays set. */
    void await(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (!signalled && left > 0) {
                left = changed.awaitNanos(left);
            }
            signalled = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a condition holds, which is looked at after each signal and every 100 ms. */
    void awaitUntil(BooleanSupplier condition, long nanos) {
        long end = System.nanoTime() + nanos;
        long left = nanos;
        while (left > 0 && !condition.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
            await(Math.min(left, TimeUnit.MILLISECONDS.toNanos(100)));
            left = end - System.nanoTime();
        }
    }
}
