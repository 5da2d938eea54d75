package io.farandole.boot;

import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalEventStorageEngine;
import io.farandole.eventstore.JournalEventStore;
import io.farandole.eventstore.JournalInbox;
import io.farandole.eventstore.JournalOutbox;
import io.farandole.eventstore.JournalTokenStore;
import io.farandole.eventstore.RegistrySerializer;
import io.farandole.messaging.Inbox;
import io.farandole.messaging.JsonCodec;
import io.farandole.messaging.Outbox;
import javax.sql.DataSource;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.Configuration;
import org.axonframework.eventhandling.EventBus;
import org.axonframework.eventhandling.EventBusSpanFactory;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.serialization.Serializer;
import org.axonframework.springboot.autoconfig.AxonAutoConfiguration;
import org.axonframework.springboot.autoconfig.TransactionAutoConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.transaction.PlatformTransactionManager;

/** The journal as Axon's event store and token store, and as the outbox and inbox of the transport. */
@AutoConfiguration(
        after = {ContextAutoConfiguration.class, MigrationAutoConfiguration.class},
        afterName = {
            "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration"
        },
        before = {AxonAutoConfiguration.class, TransactionAutoConfiguration.class})
@ConditionalOnClass({Journal.class, AxonAutoConfiguration.class})
@ConditionalOnBean(DataSource.class)
@EnableConfigurationProperties(JournalProperties.class)
public class JournalAutoConfiguration {

    /** By itself Axon does not find Boot 4's transaction manager, and would go on without transactions. */
    @Bean
    @ConditionalOnMissingBean
    TransactionManager axonTransactionManager(PlatformTransactionManager transactions) {
        return new RollbackOnErrorTransactions(transactions);
    }

    @Bean
    AppendOnlyCheck appendOnlyCheck(
            DataSource dataSource, JournalProperties properties, ObjectProvider<FrameworkMigration> migration) {
        migration.ifAvailable(FrameworkMigration::migrate);
        AppendOnlyCheck check = new AppendOnlyCheck(dataSource, properties.requireAppendOnly());
        check.run();
        return check;
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    @ConditionalOnMissingBean
    Journal journal(
            DataSource dataSource, JournalProperties properties, ContextLanguage language, AppendOnlyCheck checked) {
        return new Journal(dataSource, properties.settings(language.context()));
    }

    @Bean
    @Primary
    @ConditionalOnMissingBean(Serializer.class)
    RegistrySerializer serializer(
            ContextLanguage language, JsonCodec codec, ObjectProvider<AggregateSnapshots> snapshots) {
        RegistrySerializer.Builder builder = RegistrySerializer.builder(language.types(), codec);
        snapshots.orderedStream().forEach(some -> builder.aggregate(some.name(), some.version(), some.aggregate()));
        return builder.build();
    }

    @Bean
    @ConditionalOnMissingBean
    JournalEventStorageEngine eventStorageEngine(
            Journal journal, RegistrySerializer serializer, ContextLanguage language, Configuration configuration) {
        return JournalEventStorageEngine.builder()
                .journal(journal)
                .serializer(serializer)
                .publications(language.publications())
                .upcasterChain(configuration.upcasterChain())
                .build();
    }

    @Bean(name = "eventBus")
    @Qualifier("eventStore") @ConditionalOnMissingBean(EventBus.class)
    JournalEventStore eventStore(JournalEventStorageEngine engine, Configuration configuration) {
        return JournalEventStore.builder()
                .storageEngine(engine)
                .messageMonitor(configuration.messageMonitor(EventStore.class, "eventStore"))
                .spanFactory(configuration.getComponent(EventBusSpanFactory.class))
                .build();
    }

    @Bean
    @ConditionalOnMissingBean
    TokenStore tokenStore(Journal journal, RegistrySerializer serializer) {
        return new JournalTokenStore(journal, serializer);
    }

    @Bean
    @ConditionalOnMissingBean
    Inbox inbox(Journal journal) {
        return new JournalInbox(journal);
    }

    @Bean
    @ConditionalOnMissingBean
    Outbox outbox(Journal journal) {
        return new JournalOutbox(journal);
    }
}
