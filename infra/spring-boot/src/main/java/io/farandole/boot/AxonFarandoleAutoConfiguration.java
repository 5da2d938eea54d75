package io.farandole.boot;

import io.farandole.axon.AggregateCache;
import io.farandole.axon.CachingCommandTargetResolver;
import io.farandole.axon.ConflictRetryScheduler;
import io.farandole.axon.ConversationData;
import io.farandole.axon.FarandoleModule;
import io.farandole.axon.InterventionDecided;
import io.farandole.axon.ParkedProcesses;
import io.farandole.eventstore.Journal;
import io.farandole.messaging.EventTypes;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.Configuration;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.messaging.correlation.CorrelationDataProvider;
import org.axonframework.modelling.command.CommandTargetResolver;
import org.axonframework.springboot.autoconfig.AxonAutoConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.ContextRefreshedEvent;

/** Axon on top of the journal: processors that set failing processes aside, commands that roll back and retry conflicts. */
@AutoConfiguration(after = JournalAutoConfiguration.class, before = AxonAutoConfiguration.class)
@ConditionalOnClass(FarandoleModule.class)
@ConditionalOnBean(DataSource.class)
@EnableConfigurationProperties({ProcessorProperties.class, AggregateProperties.class})
public class AxonFarandoleAutoConfiguration {

    private static final String UNKNOWN = "";

    @Bean
    @ConditionalOnMissingBean
    FarandoleModule farandoleModule(
            DataSource dataSource, TransactionManager transactions, ProcessorProperties properties) {
        FarandoleModule.Builder builder = FarandoleModule.builder(dataSource, transactions)
                .defaults(properties.of(UNKNOWN))
                .shareSegments(properties.shareEvery());
        properties.byName().forEach((name, differing) -> {
            builder.settings(name, properties.of(name));
            if (differing.retry() != null) {
                builder.retry(name, differing.retry());
            }
            if (differing.start() != null) {
                builder.start(name, differing.start());
            }
        });
        return builder.build();
    }

    /** Aggregates in memory, unless {@code farandole.aggregates.cache-size} is 0. */
    @org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
    @ConditionalOnExpression("${farandole.aggregates.cache-size:10000} != 0")
    static class CachingAggregates {

        @Bean(CachedAggregates.CACHE)
        AggregateCache aggregateCache(Journal journal, AggregateProperties properties) {
            return new AggregateCache(journal, properties.cacheSize());
        }

        @Bean
        static CachedAggregates cachedAggregates() {
            return new CachedAggregates();
        }
    }

    @Bean
    EventTypes interventionEventTypes() {
        return InterventionDecided.TYPES;
    }

    @Bean
    ParkedProcesses parkedProcesses(FarandoleModule module) {
        return module.parkedProcesses();
    }

    @Bean
    @Qualifier("localSegment") @ConditionalOnMissingBean(CommandBus.class)
    CommandBus commandBus(FarandoleModule module, Configuration configuration) {
        return module.commandBus(configuration);
    }

    @Bean(destroyMethod = "shutdown")
    ScheduledExecutorService conflictRetries() {
        return Executors.newScheduledThreadPool(1, task -> new Thread(task, "farandole-conflict-retry"));
    }

    @Bean
    @ConditionalOnMissingBean
    CommandGateway commandGateway(
            CommandBus commandBus, @Qualifier("conflictRetries") ScheduledExecutorService conflictRetries) {
        return DefaultCommandGateway.builder()
                .commandBus(commandBus)
                .retryScheduler(new ConflictRetryScheduler(conflictRetries, ConflictRetryScheduler.DEFAULT_ATTEMPTS))
                .build();
    }

    @Bean
    @ConditionalOnMissingBean
    CorrelationDataProvider conversationData() {
        return new ConversationData();
    }

    @Bean
    @ConditionalOnMissingBean
    CommandTargetResolver commandTargetResolver() {
        return new CachingCommandTargetResolver();
    }

    @Bean
    @ConditionalOnClass(HealthIndicator.class)
    ProcessorHealth processorHealthIndicator(
            EventProcessingConfiguration processing, ParkedProcesses parked, FarandoleModule module) {
        return new ProcessorHealth(processing, parked, module::braked, module::behind);
    }

    /** Meters, where there is a registry. */
    @org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    static class MeteredProcessors {

        @Bean
        ApplicationListener<ContextRefreshedEvent> observedProcessors(
                FarandoleModule module, ObjectProvider<MeterRegistry> meters) {
            MeterRegistry registry = meters.getIfAvailable();
            return registry == null ? refreshed -> {} : new ObservedProcessors(module, registry);
        }
    }

    @Bean
    @ConditionalOnClass(HealthIndicator.class)
    JournalHealth journalHealthIndicator(Journal journal) {
        return new JournalHealth(journal);
    }
}
