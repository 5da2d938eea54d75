package io.farandole.boot;

import io.farandole.rabbitmq.RelaySettings;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How events are published.
 *
 * @param enabled whether this instance relays; another instance may
 * @param window published and unconfirmed events at most, and at most one of them per process key
 * @param readAhead events held in memory at most
 * @param confirmTimeout how long a confirm may take before the connection is given up and events are published again
 * @param minPoll first wait between two looks at an empty outbox
 * @param maxPoll longest such wait
 * @param saveEvery the position is saved after so many confirmed events
 * @param saveInterval or after so long
 * @param bindingCheckInterval how often the followers' bindings are compared while events are published; a binding that is
 *     removed and put back within three intervals may do so unseen
 * @param initialBackOff first wait after a failure; doubles
 * @param maxBackOff longest wait after a failure
 * @param leaseRetry how often an instance on standby asks for the lease
 * @param stopTimeout how long a stop waits for outstanding confirms
 */
@ConfigurationProperties("farandole.relay")
public record RelayProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("100") int window,
        @DefaultValue("500") int readAhead,
        @DefaultValue("10s") Duration confirmTimeout,
        @DefaultValue("20ms") Duration minPoll,
        @DefaultValue("250ms") Duration maxPoll,
        @DefaultValue("1000") int saveEvery,
        @DefaultValue("500ms") Duration saveInterval,
        @DefaultValue("2s") Duration bindingCheckInterval,
        @DefaultValue("200ms") Duration initialBackOff,
        @DefaultValue("10s") Duration maxBackOff,
        @DefaultValue("1s") Duration leaseRetry,
        @DefaultValue("5s") Duration stopTimeout) {

    RelaySettings settings() {
        return new RelaySettings(
                window,
                readAhead,
                confirmTimeout,
                minPoll,
                maxPoll,
                saveEvery,
                saveInterval,
                bindingCheckInterval,
                initialBackOff,
                maxBackOff,
                leaseRetry,
                stopTimeout);
    }
}
