package io.farandole.audit.rebuild;

import java.time.Duration;

/**
 * How rebuilds are carried out.
 *
 * @param batch most rows of the journal that are replayed in one transaction, by each thread. 1 or more; a replay of small batches may be
 *     slower than events come in, and then it does not end before they come in more slowly
 * @param lookEvery how often an instance looks for one that nobody works at
 * @param lease after which an instance that was not heard of is taken for dead, and another goes on
 * @param lockTimeout for how long the readers and writers of the live tables may be held up by the attempt to lock them; it is tried again.
 *     Less than PostgreSQL's deadlock_timeout (1 s), so that it is never a command that has to give way
 * @param lockWithin after which that is given up
 * @param examples most rows of each table that a comparison tells
 */
public record RebuildSettings(
        int batch, Duration lookEvery, Duration lease, Duration lockTimeout, Duration lockWithin, int examples) {

    /** 1,000 rows, 1 s, 15 s, 300 ms, 2 minutes, 100 rows. */
    public static final RebuildSettings DEFAULT = new RebuildSettings(
            1_000, Duration.ofSeconds(1), Duration.ofSeconds(15), Duration.ofMillis(300), Duration.ofMinutes(2), 100);

    public RebuildSettings {
        if (batch < 1 || examples < 1) {
            throw new IllegalArgumentException("batch and examples are 1 or more");
        }
        for (Duration each : new Duration[] {lookEvery, lease, lockTimeout, lockWithin}) {
            if (each.toMillis() < 1) {
                throw new IllegalArgumentException("lookEvery, lease, lockTimeout and lockWithin are positive");
            }
        }
    }
}
