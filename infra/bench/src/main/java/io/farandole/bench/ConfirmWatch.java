package io.farandole.bench;

import io.farandole.rabbitmq.Relay;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Notes when a relay has confirmed what: looks at its status every {@value #LOOK_NANOS} ns while something is expected. An event
 * counts as confirmed once everything before it is, too. Thread-safe; closing ends its thread.
 */
final class ConfirmWatch implements AutoCloseable {

    private static final long LOOK_NANOS = 50_000;
    private static final long REST_NANOS = 100_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Relay relay;
    private final Milestones milestones = new Milestones();
    private final Object lock = new Object();
    private final Thread thread;
    private long expected;
    private volatile boolean open = true;

    ConfirmWatch(Relay relay) {
        this.relay = relay;
        thread = new Thread(this::watch, "confirm-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        while (open) {
            long confirmed = relay.status().confirmedPosition();
            milestones.seen(confirmed, System.nanoTime());
            boolean waiting;
            synchronized (lock) {
                waiting = confirmed < expected;
            }
            LockSupport.parkNanos(waiting ? LOOK_NANOS : REST_NANOS);
        }
    }

    /** Says that this position is going to be confirmed, so that the relay is looked at often until it is. */
    void expect(long position) {
        synchronized (lock) {
            expected = Math.max(expected, position);
        }
        LockSupport.unpark(thread);
    }

    /**
     * When this position was seen to be confirmed, by {@link System#nanoTime}; waits for it.
     *
     * @throws VoidRunException if it is not confirmed within half a minute
     */
    long confirmed(long position) {
        long start = System.nanoTime();
        OptionalLong at = milestones.reached(position);
        while (at.isEmpty()) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new VoidRunException(
                        "the relay", List.of("position " + position + " is not confirmed: " + relay.status()));
            }
            LockSupport.parkNanos(LOOK_NANOS);
            at = milestones.reached(position);
        }
        return at.getAsLong();
    }

    @Override
    public void close() {
        open = false;
        LockSupport.unpark(thread);
    }
}
