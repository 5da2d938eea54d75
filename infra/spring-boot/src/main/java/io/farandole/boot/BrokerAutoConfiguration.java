package io.farandole.boot;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.ConnectionFactory;
import io.farandole.messaging.Inbox;
import io.farandole.messaging.Outbox;
import io.farandole.rabbitmq.Broker;
import io.farandole.rabbitmq.BrokerManagement;
import io.farandole.rabbitmq.Listener;
import io.farandole.rabbitmq.RabbitMetrics;
import io.farandole.rabbitmq.Relay;
import io.farandole.rabbitmq.Topology;
import io.farandole.rabbitmq.TopologySpec;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.springframework.amqp.rabbit.connection.RabbitConnectionFactoryBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionFactoryBeanConfigurer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;

/** Takes part over RabbitMQ: topology at start-up, then relay and listener until the stop. */
@AutoConfiguration(after = {RabbitAutoConfiguration.class, JournalAutoConfiguration.class})
@ConditionalOnClass({Relay.class, RabbitConnectionFactoryBean.class})
@ConditionalOnProperty(name = "farandole.rabbitmq.enabled", matchIfMissing = true)
@EnableConfigurationProperties({BrokerProperties.class, RelayProperties.class, ListenerProperties.class})
public class BrokerAutoConfiguration {

    private static final Profiles DEV = Profiles.of("dev");

    @Bean
    @ConditionalOnMissingBean
    Broker farandoleBroker(
            RabbitConnectionDetails details, RabbitConnectionFactoryBeanConfigurer configurer, Environment environment)
            throws Exception {
        refuseDefaultPassword(details, environment);
        RabbitConnectionFactoryBean factory = new RabbitConnectionFactoryBean();
        configurer.configure(factory);
        factory.afterPropertiesSet();
        ConnectionFactory connections = factory.getObject();
        if (connections == null) {
            throw new IllegalStateException("Spring made no RabbitMQ connection factory");
        }
        List<Address> addresses = details.getAddresses().stream()
                .map(address -> new Address(address.host(), address.port()))
                .toList();
        return Broker.of(connections, addresses);
    }

    private static void refuseDefaultPassword(RabbitConnectionDetails details, Environment environment) {
        String password = details.getPassword();
        if (password == null || password.isEmpty() || password.equals("guest")) {
            if (!environment.acceptsProfiles(DEV)) {
                throw new FarandoleConfigurationException(
                        "The property spring.rabbitmq.password is not set, or is RabbitMQ's default.",
                        "Set spring.rabbitmq.username to the context's own broker user and spring.rabbitmq.password to its"
                                + " password (profile dev allows the default).");
            }
        }
    }

    @Bean
    TopologySpec topologySpec(ContextLanguage language) {
        return TopologySpec.of(language.context(), language.followers());
    }

    @Bean
    @ConditionalOnProperty("farandole.rabbitmq.management-url")
    @ConditionalOnMissingBean
    BrokerManagement brokerManagement(Broker broker, BrokerProperties properties, RabbitConnectionDetails details) {
        return new BrokerManagement(
                Objects.requireNonNull(properties.managementUrl()),
                details.getUsername() == null ? "" : details.getUsername(),
                details.getPassword() == null ? "" : details.getPassword(),
                broker.virtualHost(),
                properties.managementTimeout());
    }

    @Bean
    @ConditionalOnMissingBean
    Topology topology(TopologySpec spec, Broker broker, ObjectProvider<BrokerManagement> management) {
        return new Topology(spec, broker, management.getIfAvailable());
    }

    @Bean
    TopologyAtStart topologyAtStart(Topology topology, BrokerProperties properties) {
        return new TopologyAtStart(topology, properties);
    }

    @Bean
    @ConditionalOnMissingBean
    RabbitMetrics rabbitMetrics(ObjectProvider<MeterRegistry> meters) {
        MeterRegistry registry = meters.getIfAvailable();
        return registry == null ? RabbitMetrics.NONE : new ObservedBroker(registry);
    }

    @Bean
    @ConditionalOnProperty(name = "farandole.relay.enabled", matchIfMissing = true)
    @ConditionalOnMissingBean
    Relay relay(
            TopologySpec spec,
            Broker broker,
            Outbox outbox,
            Topology topology,
            RelayProperties properties,
            RabbitMetrics metrics,
            Clock clock) {
        Relay.Builder builder = Relay.builder(spec, broker, outbox)
                .settings(properties.settings())
                .metrics(metrics)
                .clock(clock);
        topology.bindingCheck().ifPresent(builder::bindingCheck);
        return builder.build();
    }

    @Bean
    @ConditionalOnProperty(name = "farandole.listener.enabled", matchIfMissing = true)
    @ConditionalOnMissingBean
    Listener listener(
            TopologySpec spec, Broker broker, Inbox inbox, ListenerProperties properties, RabbitMetrics metrics) {
        return Listener.builder(spec, broker, inbox)
                .queues(properties.joining() ? List.of(spec.backfill()) : List.of(spec.inbox(), spec.backfill()))
                .settings(properties.settings())
                .metrics(metrics)
                .build();
    }

    @Bean
    TakingPart takingPart(ObjectProvider<Relay> relay, ObjectProvider<Listener> listener, TopologyAtStart topology) {
        return new TakingPart(relay.getIfAvailable(), listener.getIfAvailable(), topology);
    }
}
