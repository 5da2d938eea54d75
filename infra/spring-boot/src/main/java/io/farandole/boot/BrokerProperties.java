package io.farandole.boot;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the context expects of RabbitMQ; the connection itself is {@code spring.rabbitmq.*}.
 *
 * @param enabled whether to take part over RabbitMQ; without it events stay in the journal until it is on again
 * @param topology whether to declare exchanges, queues and bindings at start-up, or only to verify them
 * @param managementUrl of RabbitMQ's management API, to verify policies and bindings; without it they are not verified
 * @param managementTimeout for each of its answers
 * @param patience how long to wait at start-up for the exchanges of the contexts that this one follows
 */
@ConfigurationProperties("farandole.rabbitmq")
public record BrokerProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("declare") TopologyMode topology,
        @Nullable URI managementUrl,
        @DefaultValue("5s") Duration managementTimeout,
        @DefaultValue("30s") Duration patience) {

    /** What to do about exchanges, queues and bindings at start-up. */
    public enum TopologyMode {
        /** Declare what is missing, then verify. */
        DECLARE,
        /** Verify only: the definitions are imported by an administrator. */
        VERIFY
    }
}
