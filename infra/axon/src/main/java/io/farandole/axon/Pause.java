package io.farandole.axon;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A wait that ends early when there is something to do or when its owner is stopped. Thread-safe. */
final class Pause {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean woken;
    private boolean ended;

    /** Waits; false when the time is up. An interrupt counts as an end. */
    boolean isEndedWithin(Duration wait) {
        return await(wait, false);
    }

    /** Waits until woken, or the time is up; true if ended. A wake-up that came before is not lost. */
    boolean isEndedWhileAwaitingWork(Duration wait) {
        return await(wait, true);
    }

    private boolean await(Duration wait, boolean wakeable) {
        lock.lock();
        try {
            long nanos = wait.toNanos();
            while (!ended && nanos > 0 && !(wakeable && woken)) {
                nanos = changed.awaitNanos(nanos);
            }
            if (wakeable) {
                woken = false;
            }
            return ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        } finally {
            lock.unlock();
        }
    }

    void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void reopen() {
        lock.lock();
        try {
            ended = false;
        } finally {
            lock.unlock();
        }
    }

    boolean isEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }
}
