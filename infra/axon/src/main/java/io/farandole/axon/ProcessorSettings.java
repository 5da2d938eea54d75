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
 * @param retry how a failing process is tried again before it is parked, where its handlers do not say otherwise ({@link
 *     Retries}); default {@link RetryPolicy#DEFAULT}
 * @param conflictAttempts at a batch that meets version conflicts, deadlocks or serialisation failures, before its events are
 *     handled one by one; default 3. Such failures never count towards parking.
 * @param tokenClaimInterval how often an instance looks for segments that nobody works on; default 1 s
 * @param claimExtension how often an instance confirms that it works on a segment; must be well below the token store's claim
 *     time-out, after which another instance takes over; default 4 s, so that a pause of 5 s costs no claim
 * @param busyShare for how much of the time a segment may be busy while less than a batch waits; default 0.25. Beyond it, it rests
 *     before the next batch, 50 ms at most, so that batches become larger on a machine that is busy; 1 for no rest
 * @param brakeAfter how many distinct processes have to fail in a row, without any success in between, until it is taken for an outage and
 *     no more are set aside, until one gets through; default 5; 0 for never
 * @param brakeWait the most that is waited between two looks whether it is over; default 10 s
 */
public record ProcessorSettings(
        int segments,
        int batchSize,
        RetryPolicy retry,
        int conflictAttempts,
        Duration tokenClaimInterval,
        Duration claimExtension,
        double busyShare,
        int brakeAfter,
        Duration brakeWait) {

    /** The defaults that are named at the parameters. */
    public static final ProcessorSettings DEFAULTS = new ProcessorSettings(
            2,
            128,
            RetryPolicy.DEFAULT,
            3,
            Duration.ofSeconds(1),
            Duration.ofSeconds(4),
            0.25,
            5,
            Duration.ofSeconds(10));

    /** Checks ranges. */
    public ProcessorSettings {
        requirePositive(segments, "segments");
        requirePositive(batchSize, "batchSize");
        requirePositive(conflictAttempts, "conflictAttempts");
        requirePositive(tokenClaimInterval.toMillis(), "tokenClaimInterval (in ms)");
        requirePositive(claimExtension.toMillis(), "claimExtension (in ms)");
        requirePositive(brakeWait.toMillis(), "brakeWait (in ms)");
        if (brakeAfter < 0) {
            throw new IllegalArgumentException("brakeAfter must be 0 or more, but is " + brakeAfter);
        }
        if (!(busyShare > 0) || busyShare > 1) {
            throw new IllegalArgumentException("busyShare must be above 0 and at most 1, but is " + busyShare);
        }
    }

    /** The same with another number of segments. */
    public ProcessorSettings withSegments(int value) {
        return new ProcessorSettings(
                value,
                batchSize,
                retry,
                conflictAttempts,
                tokenClaimInterval,
                claimExtension,
                busyShare,
                brakeAfter,
                brakeWait);
    }

    /** The same with another batch size. */
    public ProcessorSettings withBatchSize(int value) {
        return new ProcessorSettings(
                segments,
                value,
                retry,
                conflictAttempts,
                tokenClaimInterval,
                claimExtension,
                busyShare,
                brakeAfter,
                brakeWait);
    }

    /** The same with another retry policy. */
    public ProcessorSettings withRetry(RetryPolicy value) {
        return new ProcessorSettings(
                segments,
                batchSize,
                value,
                conflictAttempts,
                tokenClaimInterval,
                claimExtension,
                busyShare,
                brakeAfter,
                brakeWait);
    }

    /** The same with another number of attempts at a conflicting batch. */
    public ProcessorSettings withConflictAttempts(int value) {
        return new ProcessorSettings(
                segments,
                batchSize,
                retry,
                value,
                tokenClaimInterval,
                claimExtension,
                busyShare,
                brakeAfter,
                brakeWait);
    }

    /** The same with another interval of looking for unclaimed segments. */
    public ProcessorSettings withTokenClaimInterval(Duration value) {
        return new ProcessorSettings(
                segments, batchSize, retry, conflictAttempts, value, claimExtension, busyShare, brakeAfter, brakeWait);
    }

    /** The same with another interval of confirming claims. */
    public ProcessorSettings withClaimExtension(Duration value) {
        return new ProcessorSettings(
                segments,
                batchSize,
                retry,
                conflictAttempts,
                tokenClaimInterval,
                value,
                busyShare,
                brakeAfter,
                brakeWait);
    }

    /** The same with another share of the time that a segment may be busy. */
    public ProcessorSettings withBusyShare(double value) {
        return new ProcessorSettings(
                segments,
                batchSize,
                retry,
                conflictAttempts,
                tokenClaimInterval,
                claimExtension,
                value,
                brakeAfter,
                brakeWait);
    }

    /** The same with another brake: after how many failures in a row, and the longest wait while it is on. */
    public ProcessorSettings withBrake(int after, Duration wait) {
        return new ProcessorSettings(
                segments,
                batchSize,
                retry,
                conflictAttempts,
                tokenClaimInterval,
                claimExtension,
                busyShare,
                after,
                wait);
    }

    private static void requirePositive(long value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
        }
    }
}
