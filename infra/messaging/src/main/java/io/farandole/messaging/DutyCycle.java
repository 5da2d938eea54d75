package io.farandole.messaging;

import java.time.Duration;

/**
 * How long a worker that is busy all the time rests between two batches, so that the next one is larger. A batch costs a
 * transaction whatever is in it; on a machine that is busy, many stages that each take what is there do many small ones, and
 * batches would stay small for ever.
 *
 * <p>A worker may be busy for a share of the time, on average, and for a burst beyond it. Who has been less busy never rests: one
 * process after the other, and a load that leaves the machine idle, are not slowed. As the time that a batch takes grows with
 * the load of the machine, so do the rests, and so do the batches.
 *
 * <p>Ask it only where more is waiting already, and not as much as fills a batch. Thread-safe.
 */
public final class DutyCycle {

    private final double share;
    private final long burst;
    private final long longest;
    private long credit;
    private long last;

    /**
     * A worker's.
     *
     * @param share of the time that it may be busy; above 0; 1 or more for a worker that never rests
     * @param burst how long it may be busy beyond that
     * @param longest rest
     * @param now in nanoseconds, as {@link System#nanoTime()}
     */
    public DutyCycle(double share, Duration burst, Duration longest, long now) {
        if (!(share > 0)) {
            throw new IllegalArgumentException(
                    "A worker must be allowed to be busy for some of the time, not " + share);
        }
        this.share = share;
        this.burst = burst.toNanos();
        this.longest = longest.toNanos();
        this.credit = this.burst;
        this.last = now;
    }

    /**
     * To be told of each batch.
     *
     * @param busy how long it took, in nanoseconds
     * @param now at its end
     */
    public synchronized void worked(long busy, long now) {
        if (share >= 1) {
            return;
        }
        long earned = (long) (Math.max(0, now - last) * share);
        last = now;
        // No debt beyond the longest rest: after a batch that waited for a lock the worker is not punished for minutes.
        long most = (long) (longest * share);
        credit = Math.max(-most, Math.min(burst, credit + earned) - busy);
    }

    /** How long to rest now, in nanoseconds; 0 for not at all. */
    public synchronized long rest() {
        return share >= 1 || credit >= 0 ? 0 : Math.min(longest, (long) (-credit / share));
    }
}
