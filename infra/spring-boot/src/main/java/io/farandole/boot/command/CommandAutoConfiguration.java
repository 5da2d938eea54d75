package io.farandole.boot.command;

import io.farandole.axon.CommandJson;
import io.farandole.axon.CommandWorker;
import io.farandole.axon.FarandoleModule;
import io.farandole.axon.StoredCommands;
import io.farandole.boot.AxonFarandoleAutoConfiguration;
import io.farandole.boot.BrokerAutoConfiguration;
import io.farandole.boot.BrokerProperties;
import io.farandole.boot.FarandoleConfigurationException;
import io.farandole.messaging.command.AcceptedCommand;
import io.farandole.messaging.command.CommandMetrics;
import io.farandole.rabbitmq.Broker;
import io.farandole.rabbitmq.BrokerManagement;
import io.farandole.rabbitmq.CommandListener;
import io.farandole.rabbitmq.CommandTopology;
import io.farandole.rabbitmq.ReplyPublisher;
import io.farandole.rabbitmq.TopologySpec;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.validation.Validator;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.axonframework.common.transaction.TransactionManager;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Takes, carries out and answers the commands that the context has an {@link AcceptedCommand} for; nothing where it has none. */
@AutoConfiguration(after = {BrokerAutoConfiguration.class, AxonFarandoleAutoConfiguration.class})
@ConditionalOnBean({AcceptedCommand.class, Broker.class})
@ConditionalOnProperty(name = "farandole.commands.enabled", matchIfMissing = true)
@EnableConfigurationProperties(CommandProperties.class)
public class CommandAutoConfiguration {

    @Bean
    StoredCommands storedCommands(DataSource dataSource) {
        return new StoredCommands(dataSource);
    }

    @Bean
    @ConditionalOnMissingBean
    CommandMetrics commandMetrics(ObjectProvider<MeterRegistry> meters) {
        MeterRegistry registry = meters.getIfAvailable();
        return registry == null ? CommandMetrics.NONE : new ObservedCommands(registry);
    }

    /** Constraints are checked where Jakarta Validation is there. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Validator.class)
    static class Validated {

        @Bean
        @ConditionalOnMissingBean
        CommandJson validatedCommandJson(ObjectProvider<JsonMapper> mapper, ObjectProvider<Validator> validator) {
            Validator checks = validator.getIfAvailable();
            return new MappedJson(mapperOf(mapper), checks == null ? request -> List.of() : new Constraints(checks));
        }
    }

    @Bean
    @ConditionalOnMissingBean
    CommandJson commandJson(ObjectProvider<JsonMapper> mapper) {
        return new MappedJson(mapperOf(mapper), request -> List.of());
    }

    /** A service without a web server need not have one of its own. */
    private static JsonMapper mapperOf(ObjectProvider<JsonMapper> mapper) {
        return mapper.getIfAvailable(JsonMapper::shared);
    }

    @Bean
    CommandsOverAmqp commandsOverAmqp(
            StoredCommands stored,
            ObjectProvider<AcceptedCommand<?>> commands,
            CommandProperties properties,
            CommandMetrics metrics,
            TopologySpec spec,
            Broker broker,
            ObjectProvider<BrokerManagement> management,
            BrokerProperties brokerProperties,
            CommandJson json,
            TransactionManager transactions,
            FarandoleModule module,
            Clock clock) {
        List<AcceptedCommand<?>> accepted = commands.orderedStream().toList();
        Set<String> types = types(spec.context(), accepted);
        CommandWorker worker = new CommandWorker(
                stored, accepted, json, transactions, properties.settings(), metrics, module::behind, clock);
        CommandListener listener = new CommandListener(
                spec.context(),
                broker,
                stored,
                types,
                (int) properties.maxBody().toBytes(),
                properties.prefetch(),
                properties.batchSize(),
                metrics,
                clock);
        return new CommandsOverAmqp(
                stored,
                worker,
                listener,
                new ReplyPublisher(spec.context(), broker, stored, properties.poll(), metrics, clock),
                new CommandTopology(spec.context(), broker, management.getIfAvailable()),
                brokerProperties.topology() == BrokerProperties.TopologyMode.DECLARE,
                properties);
    }

    private static Set<String> types(String context, List<AcceptedCommand<?>> accepted) {
        Set<String> types = new TreeSet<>();
        for (AcceptedCommand<?> command : accepted) {
            String type = command.type().wireType();
            if (!command.type().context().equals(context) || !types.add(type)) {
                throw new FarandoleConfigurationException(
                        "The context '" + context + "' accepts the command " + type + " twice, or another context's.",
                        "Name each command " + context + ".<command>.v<version>, and give it one AcceptedCommand.");
            }
        }
        return types;
    }
}
