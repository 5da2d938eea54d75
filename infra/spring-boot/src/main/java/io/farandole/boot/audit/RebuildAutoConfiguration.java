package io.farandole.boot.audit;

import io.farandole.audit.rebuild.Rebuilds;
import io.farandole.audit.rebuild.Replaying;
import io.farandole.boot.AxonFarandoleAutoConfiguration;
import io.farandole.eventstore.JournalEventStorageEngine;
import io.farandole.eventstore.RegistrySerializer;
import java.lang.management.ManagementFactory;
import java.util.UUID;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventBus;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/** Rebuilding and comparing of read models. */
@AutoConfiguration(after = AxonFarandoleAutoConfiguration.class)
@ConditionalOnClass(Rebuilds.class)
@ConditionalOnBean(JournalEventStorageEngine.class)
@EnableConfigurationProperties(ReadModelProperties.class)
public class RebuildAutoConfiguration {

    @Bean(destroyMethod = "close")
    Rebuilds rebuilds(
            DataSource dataSource,
            PlatformTransactionManager transactions,
            JournalEventStorageEngine engine,
            RegistrySerializer serializer,
            ReadModelProperties properties,
            ObjectProvider<EventProcessingConfiguration> processing) {
        if (transactions instanceof ConfigurableTransactionManager manager) {
            manager.addListener(new OneTransaction());
        }
        return new Rebuilds(
                dataSource,
                transactions,
                engine,
                serializer.types(),
                properties.models(),
                group -> processing.getObject().eventProcessor(group),
                properties.rebuild().settings(),
                ManagementFactory.getRuntimeMXBean().getName() + "/" + UUID.randomUUID());
    }

    @Bean
    SmartLifecycle rebuilding(Rebuilds rebuilds, EventBus events, CommandBus commands) {
        return new Rebuilding(rebuilds, events, commands);
    }

    /** A transaction of the handler's own would meet the live tables, and would not be rolled back with the replay. */
    private static final class OneTransaction implements TransactionExecutionListener {

        @Override
        public void beforeBegin(TransactionExecution transaction) {
            Replaying.refuse("begins a transaction of its own");
        }
    }

    /** Starts after the handlers are known, and ends before they go. */
    private static final class Rebuilding implements SmartLifecycle {

        private final Rebuilds rebuilds;
        private final EventBus events;
        private final CommandBus commands;
        private volatile boolean running;

        Rebuilding(Rebuilds rebuilds, EventBus events, CommandBus commands) {
            this.rebuilds = rebuilds;
            this.events = events;
            this.commands = commands;
        }

        @Override
        public void start() {
            if (!running) {
                running = true;
                Replaying.gate(events, commands);
                rebuilds.start();
            }
        }

        @Override
        public void stop() {
            rebuilds.close();
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }
    }
}
