package io.farandole.testservers;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The faults of one direction, shared by all connections of a proxy. Thread-safe. */
final class Wire {

    private boolean paused;
    private boolean swallowing;
    private long delayNanos;
    private long forwarded;
    private long callAt = Long.MAX_VALUE;
    private @Nullable Runnable call;

    synchronized void pause(boolean on) {
        paused = on;
        notifyAll();
    }

    synchronized void swallow(boolean on) {
        swallowing = on;
        notifyAll();
    }

    synchronized void delay(Duration delay) {
        delayNanos = delay.toNanos();
        notifyAll();
    }

    synchronized void heal() {
        paused = false;
        swallowing = false;
        delayNanos = 0;
        callAt = Long.MAX_VALUE;
        call = null;
        notifyAll();
    }

    synchronized void callAfter(long bytes, Runnable what) {
        callAt = forwarded + bytes;
        call = what;
    }

    synchronized long forwarded() {
        return forwarded;
    }

    synchronized boolean swallows() {
        return swallowing;
    }

    /** Waits until what was read at this time may go out; returns early with false once the connection has stopped. */
    synchronized boolean awaitDue(long readAt, Pump pump) throws InterruptedException {
        while (!pump.stopped()) {
            long left = readAt + delayNanos - System.nanoTime();
            if (!paused && left <= 0) {
                return true;
            }
            wait(paused ? 0 : Math.max(1, left / 1_000_000));
        }
        return false;
    }

    /** Wakes who waits here, so that it sees that its connection has stopped. */
    synchronized void wake() {
        notifyAll();
    }

    /** Counts bytes that are handed on now; what is to happen once they are, null if nothing. */
    synchronized @Nullable Runnable count(int bytes) {
        forwarded += bytes;
        if (forwarded < callAt) {
            return null;
        }
        Runnable due = call;
        callAt = Long.MAX_VALUE;
        call = null;
        return due;
    }
}
