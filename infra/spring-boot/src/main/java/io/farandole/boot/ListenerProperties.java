package io.farandole.boot;

import io.farandole.rabbitmq.ListenerSettings;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How events are received.
 *
 * @param enabled whether this instance listens; another instance may
 * @param prefetch deliveries that the broker hands out ahead
 * @param batchSize events appended in one transaction at most; not more than the prefetch
 * @param linger how long a batch waits for more once more than one delivery was there
 * @param handOverAfter after so long without a database the deliveries are given back to the broker
 * @param parkingTimeout how long the broker may take to confirm what is set aside
 * @param initialBackOff first wait after a failure; doubles
 * @param maxBackOff longest wait after a failure
 * @param stopTimeout how long a stop waits for the batch in hand
 * @param joining whether this context is still being sent the history of others: only {@code <context>.backfill} is read, and live events wait in
 *     {@code <context>.inbox}, so that they come after it
 */
@ConfigurationProperties("farandole.listener")
public record ListenerProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("500") int prefetch,
        @DefaultValue("250") int batchSize,
        @DefaultValue("2ms") Duration linger,
        @DefaultValue("5m") Duration handOverAfter,
        @DefaultValue("10s") Duration parkingTimeout,
        @DefaultValue("200ms") Duration initialBackOff,
        @DefaultValue("10s") Duration maxBackOff,
        @DefaultValue("5s") Duration stopTimeout,
        @DefaultValue("false") boolean joining) {

    ListenerSettings settings() {
        return new ListenerSettings(
                prefetch, batchSize, linger, handOverAfter, parkingTimeout, initialBackOff, maxBackOff, stopTimeout);
    }
}
