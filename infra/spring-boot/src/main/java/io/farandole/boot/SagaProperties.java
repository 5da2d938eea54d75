package io.farandole.boot;

import io.farandole.saga.deadline.DeadlineSettings;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How sagas, their deadlines and the barrier are kept.
 *
 * @param retention how long an ended saga is remembered, so that a late event does not start it again
 * @param barrierRetention how long the barrier remembers a step; far above the longest time that a message can be on its way
 * @param deadline how deadlines are watched
 * @param purgeInterval how often what is past its retention is deleted
 */
@ConfigurationProperties("farandole.saga")
public record SagaProperties(
        @DefaultValue("7d") Duration retention,
        @DefaultValue("30d") Duration barrierRetention,
        @DefaultValue Deadline deadline,
        @DefaultValue("10m") Duration purgeInterval) {

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
