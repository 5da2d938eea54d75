package io.farandole.participant;

import java.time.Duration;

/**
 * Bounds of the barrier.
 *
 * @param maxWait how long a call waits for another one of the same branch before it ends with {@link BranchBusyException}
 * @param transactionTimeout how long a branch's transaction may take; whole seconds
 * @param maxAnswer longest body of an answer, in bytes, that is remembered; a longer one fails the call
 */
public record BarrierSettings(Duration maxWait, Duration transactionTimeout, int maxAnswer) {

    /** Waits 5 seconds, gives a transaction 30, and remembers answers up to 64 KiB. */
    public static final BarrierSettings DEFAULT =
            new BarrierSettings(Duration.ofSeconds(5), Duration.ofSeconds(30), 64 * 1024);

    /**
     * Checks them.
     *
     * @throws IllegalArgumentException if one is not positive, or the time-out is below a second
     */
    public BarrierSettings {
        if (maxWait.toMillis() < 1) {
            throw new IllegalArgumentException("maxWait must be a millisecond or more, not " + maxWait);
        }
        if (transactionTimeout.toSeconds() < 1) {
            throw new IllegalArgumentException(
                    "transactionTimeout must be a second or more, not " + transactionTimeout);
        }
        if (maxAnswer < 1) {
            throw new IllegalArgumentException("maxAnswer must be positive, not " + maxAnswer);
        }
    }
}
