package io.farandole.asyncapi;

import io.farandole.boot.BrokerAutoConfiguration;
import io.farandole.boot.command.CommandAutoConfiguration;
import io.farandole.boot.command.CommandsOverAmqp;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.command.AcceptedCommand;
import io.farandole.rabbitmq.TopologySpec;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Serves the AsyncAPI document of a context that talks to a broker, where Actuator exposes the endpoint. */
@AutoConfiguration(after = {BrokerAutoConfiguration.class, CommandAutoConfiguration.class})
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(TopologySpec.class)
@EnableConfigurationProperties(AsyncApiProperties.class)
public class AsyncApiAutoConfiguration {

    @Bean
    @ConditionalOnAvailableEndpoint(AsyncApiEndpoint.class)
    AsyncApiEndpoint asyncApiEndpoint(
            TopologySpec topology,
            ObjectProvider<EventTypes> types,
            ObjectProvider<AcceptedCommand<?>> commands,
            ObjectProvider<CommandsOverAmqp> takesCommands,
            AsyncApiProperties info) {
        return new AsyncApiEndpoint(() -> {
            Contract contract = Contract.of(
                    topology,
                    EventTypes.merge(types.orderedStream().toList()),
                    // Switched off, none is taken whatever is declared.
                    takesCommands.getIfAvailable() == null
                            ? List.of()
                            : commands.orderedStream().toList());
            return AsyncApiDocument.of(contract, info).toPrettyString() + "\n";
        });
    }
}
