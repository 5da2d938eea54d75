package io.farandole.boot;

import io.farandole.saga.deadline.DeadlineSettings;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How sagas, their deadlines and the barrier are kept.
 *
 * @param retention how long an ended saga is remembered, so that a late event does not start it again
 * @param barrierRetention how long the barrier remembers a step after its process has ended here; far above the longest time that a
 *     message can be on its way, in a queue, with a dead letter or with a person who decides about it. A day or more, and no less than
 *     {@code retention}; default 30 days
 * @param deadline how deadlines are watched
 * @param purgeInterval how often what is past its retention is deleted, 1,000 rows a statement; positive. Default 10 minutes
 */
@ConfigurationProperties("farandole.saga")
public record SagaProperties(
        @DefaultValue("7d") Duration retention,
        @DefaultValue("30d") Duration barrierRetention,
        @DefaultValue Deadline deadline,
        @DefaultValue("10m") Duration purgeInterval) {

    private static final Duration LEAST_BARRIER_RETENTION = Duration.ofDays(1);

    public SagaProperties {
        if (retention.isNegative() || retention.isZero()) {
            throw new IllegalArgumentException("farandole.saga.retention is a positive duration, not " + retention);
        }
        if (purgeInterval.isNegative() || purgeInterval.isZero()) {
            throw new IllegalArgumentException(
                    "farandole.saga.purge-interval is a positive duration, not " + purgeInterval);
        }
        if (barrierRetention.compareTo(LEAST_BARRIER_RETENTION) < 0) {
            throw new IllegalArgumentException("farandole.saga.barrier-retention is a day or more, not "
                    + barrierRetention + ": a message that is on its way for longer would do its step a second time");
        }
        if (barrierRetention.compareTo(retention) < 0) {
            throw new IllegalArgumentException("farandole.saga.barrier-retention (" + barrierRetention
                    + ") is no less than farandole.saga.retention (" + retention
                    + "): a step must not be forgotten while its saga is remembered");
        }
    }

    /**
     * How deadlines are watched.
     *
     * @param pollInterval how late a deadline is at most on an idle system
     * @param threads that work on due deadlines
     * @param batchSize most deadlines that pass in one transaction
     * @param heartbeat of running work; a dead worker's deadlines are taken over after four missing ones
     * @param retention how long a passed deadline is remembered
     */
    public record Deadline(
            @DefaultValue("1s") Duration pollInterval,
            @DefaultValue("2") int threads,
            @DefaultValue("100") int batchSize,
            @DefaultValue("5s") Duration heartbeat,
            @DefaultValue("7d") Duration retention) {

        DeadlineSettings settings() {
            return new DeadlineSettings(pollInterval, threads, batchSize, heartbeat, retention);
        }
    }
}
