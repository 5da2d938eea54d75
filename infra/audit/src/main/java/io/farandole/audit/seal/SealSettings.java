package io.farandole.audit.seal;

import java.time.Duration;

/**
 * When the journal is sealed.
 *
 * @param every how long an event waits for its seal, as a rule; default 10 s
 * @param atMost at most so many rows to a seal; so many new ones are sealed at once. 1 to 50,000; default 10,000. With more,
 *     the chain is shorter; with fewer, the sealer's transactions are
 * @param checkpointEvery how often a checkpoint is made, while there is something new; default 1 min. That is how long an
 *     administrator of the database has to rewrite unnoticed what has just happened
 */
public record SealSettings(Duration every, int atMost, Duration checkpointEvery) {

    /** The defaults. */
    public static final SealSettings DEFAULT = new SealSettings(Duration.ofSeconds(10), 10_000, Duration.ofMinutes(1));

    /** The most rows that a seal can have. */
    public static final int MOST = 50_000;

    public SealSettings {
        if (every.compareTo(Duration.ofMillis(10)) < 0 || checkpointEvery.isNegative()) {
            throw new IllegalArgumentException("The journal is sealed every 10 ms or more (" + every
                    + "), and checkpoints (" + checkpointEvery + ") take no negative time");
        }
        if (atMost < 1 || atMost > MOST) {
            throw new IllegalArgumentException("A seal has 1 to " + MOST + " rows at most, not " + atMost);
        }
    }
}
