package io.farandole.boot;

import io.farandole.axon.ParkedProcesses;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.JsonCodec;
import io.farandole.saga.KeyedSagaStore;
import io.farandole.saga.SagaObserver;
import io.farandole.saga.barrier.Barrier;
import io.farandole.saga.deadline.DeadlinePassed;
import io.farandole.saga.deadline.JournalDeadlines;
import io.farandole.saga.outside.OutsideCallHandler;
import io.farandole.saga.outside.OutsideCallObserver;
import io.farandole.saga.outside.OutsideCalls;
import io.farandole.saga.status.ProcessStatuses;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.eventhandling.EventBus;
import org.axonframework.springboot.autoconfig.AxonAutoConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Keyed sagas, durable deadlines, the barrier, and outside calls. */
@AutoConfiguration(after = AxonFarandoleAutoConfiguration.class, before = AxonAutoConfiguration.class)
@ConditionalOnClass(KeyedSagaStore.class)
@ConditionalOnBean(DataSource.class)
@EnableConfigurationProperties({SagaProperties.class, OutsideCallProperties.class})
public class SagaAutoConfiguration {

    @Bean
    static KeyedSagaLookup keyedSagaLookup() {
        return new KeyedSagaLookup();
    }

    @Bean
    EventTypes deadlineEventTypes() {
        return DeadlinePassed.TYPES;
    }

    @Bean
    @ConditionalOnMissingBean
    KeyedSagaStore keyedSagaStore(DataSource dataSource, SagaProperties properties) {
        return new KeyedSagaStore(dataSource, properties.retention());
    }

    @Bean
    @ConditionalOnMissingBean
    SagaObserver sagaObserver(ObjectProvider<MeterRegistry> meters) {
        MeterRegistry registry = meters.getIfAvailable();
        return registry == null ? SagaObserver.NONE : new ObservedSagas(registry);
    }

    @Bean
    @ConditionalOnMissingBean
    Barrier barrier(DataSource dataSource) {
        return new Barrier(dataSource);
    }

    @Bean
    @ConditionalOnMissingBean(DeadlineManager.class)
    JournalDeadlines deadlineManager(
            DataSource dataSource,
            TransactionManager transactions,
            EventBus events,
            ContextLanguage language,
            JsonCodec codec,
            SagaProperties properties,
            Clock clock) {
        return new JournalDeadlines(
                dataSource,
                transactions,
                events,
                language.types(),
                codec,
                properties.deadline().settings(),
                clock);
    }

    @Bean
    @ConditionalOnMissingBean
    OutsideCalls outsideCalls(
            DataSource dataSource,
            TransactionManager transactions,
            CommandBus commands,
            JsonCodec codec,
            ObjectProvider<OutsideCallHandler<?, ?>> handlers,
            OutsideCallProperties properties,
            ObjectProvider<OutsideCallObserver> observer,
            ObjectProvider<MeterRegistry> meters) {
        List<OutsideCallHandler<?, ?>> all = new ArrayList<>();
        handlers.orderedStream().forEach(all::add);
        MeterRegistry registry = meters.getIfAvailable();
        OutsideCallObserver fallback = registry == null ? OutsideCallObserver.NONE : new ObservedOutsideCalls(registry);
        return new OutsideCalls(
                dataSource,
                transactions,
                commands,
                codec,
                all,
                properties.settings(),
                observer.getIfAvailable(() -> fallback));
    }

    @Bean
    SagaPlans sagaPlans() {
        return new SagaPlans();
    }

    @Bean
    @ConditionalOnMissingBean
    ProcessStatuses processStatuses(
            ContextSettings context,
            SagaPlans plans,
            KeyedSagaStore sagas,
            JournalDeadlines deadlines,
            OutsideCalls calls,
            ParkedProcesses parked,
            TransactionManager transactions) {
        return new ProcessStatuses(
                context.requiredContext(),
                plans::all,
                sagas,
                deadlines,
                calls,
                key -> FailuresOfAProcess.in(parked, key),
                transactions);
    }

    @Bean
    SagaWork sagaWork(
            JournalDeadlines deadlines,
            OutsideCalls outsideCalls,
            KeyedSagaStore sagas,
            Barrier barrier,
            SagaProperties properties) {
        return new SagaWork(deadlines, outsideCalls, sagas, barrier, properties);
    }
}
