package io.farandole.axon;

import java.time.Duration;

/**
 * How an event processor works. Immutable; start from {@link #DEFAULTS} and change what differs.
 *
 * @param segments into which a processor divides its events when it runs for the first time, by key ({@link Sequencing}); a later
 *     change has no effect on existing tokens (split or merge them). Default 2: one segment computes while the other waits
 *     for its commit, which keeps a small machine busy, and two instances can share the work; more segments mean smaller
 *     batches, and batch fill is what throughput depends on. Choose 1 where many processes change the same aggregates: their
 *     locks are held until a batch ends, and two segments would meet there.
 * @param batchSize most events handled in one transaction; default 128. A batch takes what is there, so it is 1 when idle and
 *     grows with the load.
 * @param maxAttempts after which a failing process is parked until a person retries it, the first attempt included;
 *     default 10
 * @param initialBackoff before the second attempt at a failing process; doubles with each attempt; default 100 ms
 * @param maxBackoff the most it grows to; default 1 min. With the defaults a process is parked after about 51 s.
 * @param conflictAttempts at a batch that meets version conflicts, deadlocks or serialisation failures, before its events are
 *     handled one by one; default 3. Such failures never count towards parking.
 * @param tokenClaimInterval how often an instance looks for segments that nobody works on; default 1 s
 * @param claimExtension how often an instance confirms that it works on a segment; must be well below the token store's claim
 *     time-out, after which another instance takes over; default 4 s, so that a pause of 5 s costs no claim
 * @param busyShare for how much of the time a segment may be busy while less than a batch waits; default 0.25. Beyond it, it rests
 *     before the next batch, 50 ms at most, so that batches become larger on a machine that is busy; 1 for no rest
 */
public record ProcessorSettings(
        int segments,
        int batchSize,
        int maxAttempts,
        Duration initialBackoff,
        Duration maxBackoff,
        int conflictAttempts,
        Duration tokenClaimInterval,
        Duration claimExtension,
        double busyShare) {

    /** The defaults that are named at the parameters. */
    public static final ProcessorSettings DEFAULTS = new ProcessorSettings(
            2,
            128,
            10,
            Duration.ofMillis(100),
            Duration.ofMinutes(1),
            3,
            Duration.ofSeconds(1),
            Duration.ofSeconds(4),
            0.25);

    /** Checks ranges. */
    public ProcessorSettings {
        requirePositive(segments, "segments");
        requirePositive(batchSize, "batchSize");
        requirePositive(maxAttempts, "maxAttempts");
        requirePositive(conflictAttempts, "conflictAttempts");
        requirePositive(initialBackoff.toMillis(), "initialBackoff (in ms)");
        requirePositive(tokenClaimInterval.toMillis(), "tokenClaimInterval (in ms)");
        requirePositive(claimExtension.toMillis(), "claimExtension (in ms)");
        if (!(busyShare > 0) || busyShare > 1) {
            throw new IllegalArgumentException("busyShare must be above 0 and at most 1, but is " + busyShare);
        }
        if (maxBackoff.compareTo(initialBackoff) < 0) {
            throw new IllegalArgumentException(
                    "maxBackoff " + maxBackoff + " is shorter than initialBackoff " + initialBackoff);
        }
    }

    /** The same with another number of segments. */
    public ProcessorSettings withSegments(int value) {
        return new ProcessorSettings(
                value,
                batchSize,
                maxAttempts,
                initialBackoff,
                maxBackoff,
                conflictAttempts,
                tokenClaimInterval,
                claimExtension,
                busyShare);
    }

    /** The same with another batch size. */
    public ProcessorSettings withBatchSize(int value) {
        return new ProcessorSettings(
                segments,
                value,
                maxAttempts,
                initialBackoff,
                maxBackoff,
                conflictAttempts,
                tokenClaimInterval,
                claimExtension,
                busyShare);
    }

    /** The same with other retries: attempts before parking, first and longest wait between them. */
    public ProcessorSettings withRetries(int attempts, Duration initial, Duration max) {
        return new ProcessorSettings(
                segments,
                batchSize,
                attempts,
                initial,
                max,
                conflictAttempts,
                tokenClaimInterval,
                claimExtension,
                busyShare);
    }

    /** The same with another number of attempts at a conflicting batch. */
    public ProcessorSettings withConflictAttempts(int value) {
        return new ProcessorSettings(
                segments,
                batchSize,
                maxAttempts,
                initialBackoff,
                maxBackoff,
                value,
                tokenClaimInterval,
                claimExtension,
                busyShare);
    }

    /** The same with another interval of looking for unclaimed segments. */
    public ProcessorSettings withTokenClaimInterval(Duration value) {
        return new ProcessorSettings(
                segments,
                batchSize,
                maxAttempts,
                initialBackoff,
                maxBackoff,
                conflictAttempts,
                value,
                claimExtension,
                busyShare);
    }

    /** The same with another interval of confirming claims. */
    public ProcessorSettings withClaimExtension(Duration value) {
        return new ProcessorSettings(
                segments,
                batchSize,
                maxAttempts,
                initialBackoff,
                maxBackoff,
                conflictAttempts,
                tokenClaimInterval,
                value,
                busyShare);
    }

    /** The same with another share of the time that a segment may be busy. */
    public ProcessorSettings withBusyShare(double value) {
        return new ProcessorSettings(
                segments,
                batchSize,
                maxAttempts,
                initialBackoff,
                maxBackoff,
                conflictAttempts,
                tokenClaimInterval,
                claimExtension,
                value);
    }

    /**
     * The wait after an attempt that failed: {@code initialBackoff} after the first, doubled after each further one, and
     * never longer than {@code maxBackoff}. Without jitter, so that a process's next attempt can be told.
     *
     * @param attempts made so far, from 1
     */
    public Duration backoffAfter(int attempts) {
        int doublings = Math.max(0, Math.min(attempts - 1, 30));
        Duration wait = initialBackoff.multipliedBy(1L << doublings);
        return wait.compareTo(maxBackoff) > 0 ? maxBackoff : wait;
    }

    private static void requirePositive(long value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
        }
    }
}
