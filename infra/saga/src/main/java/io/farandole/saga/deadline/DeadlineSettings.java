package io.farandole.saga.deadline;

import java.time.Duration;

/**
 * How deadlines are watched.
 *
 * @param pollInterval pause between two looks for due deadlines, and so how late a deadline is at most on an idle system;
 *     default 1 s
 * @param threads that work on due deadlines; default 2
 * @param batchSize most deadlines that pass in one transaction; default 100
 * @param heartbeat of running work; a deadline whose worker died is taken over after four of them are missing; default
 *     5 s
 * @param retention how long a passed deadline is remembered, so that it can still be cancelled before the saga has heard
 *     of it; default 7 days
 */
public record DeadlineSettings(
        Duration pollInterval, int threads, int batchSize, Duration heartbeat, Duration retention) {

    /** What holds if nothing is configured. */
    public static final DeadlineSettings DEFAULTS =
            new DeadlineSettings(Duration.ofSeconds(1), 2, 100, Duration.ofSeconds(5), Duration.ofDays(7));

    public DeadlineSettings {
        if (pollInterval.isNegative() || pollInterval.isZero() || heartbeat.isNegative() || heartbeat.isZero()) {
            throw new IllegalArgumentException(
                    "poll-interval and heartbeat must be positive, not " + pollInterval + " and " + heartbeat);
        }
        if (threads < 1 || batchSize < 1) {
            throw new IllegalArgumentException(
                    "threads and batch-size must be 1 or more, not " + threads + " and " + batchSize);
        }
        if (retention.isNegative()) {
            throw new IllegalArgumentException("retention must not be negative: " + retention);
        }
    }
}
