package io.farandole.boot;

import io.farandole.rabbitmq.Listener;
import io.farandole.rabbitmq.Relay;
import java.time.Clock;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * The health of relay and listener. On its own, because a condition on a bean sees only what earlier auto-configurations have
 * registered: nested into the one that makes relay and listener, it would come before them and find neither.
 */
@AutoConfiguration(after = BrokerAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, Relay.class})
public class BrokerHealthAutoConfiguration {

    @Bean
    @ConditionalOnBean(Relay.class)
    RelayHealth relayHealthIndicator(Relay relay, Clock clock) {
        return new RelayHealth(relay::status, clock);
    }

    @Bean
    @ConditionalOnBean(Listener.class)
    ListenerHealth listenerHealthIndicator(Listener listener) {
        return new ListenerHealth(listener::status);
    }
}
