package io.farandole.boot.audit;

import io.farandole.audit.recording.ProcessRecorder;
import io.farandole.audit.state.AggregateFold;
import io.farandole.audit.state.AggregateHistory;
import io.farandole.audit.state.AggregateTypes;
import io.farandole.audit.whatif.LiveSagas;
import io.farandole.audit.whatif.WhatIf;
import io.farandole.axon.FarandoleModule;
import io.farandole.boot.AxonFarandoleAutoConfiguration;
import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalHistory;
import io.farandole.eventstore.JournalMessages;
import io.farandole.eventstore.RegistrySerializer;
import io.farandole.messaging.JsonCodec;
import java.time.Clock;
import javax.sql.DataSource;
import org.axonframework.config.Configuration;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** What aggregates looked like, and what sagas would have done. */
@AutoConfiguration(after = AxonFarandoleAutoConfiguration.class)
@ConditionalOnClass(AggregateHistory.class)
@ConditionalOnBean({DataSource.class, RegistrySerializer.class})
@EnableConfigurationProperties(WhatIfProperties.class)
public class TimeTravelAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    JournalHistory journalHistory(DataSource dataSource) {
        return new JournalHistory(dataSource);
    }

    @Bean
    @ConditionalOnMissingBean
    JournalMessages journalMessages(RegistrySerializer serializer, Configuration configuration) {
        return new JournalMessages(serializer, configuration.upcasterChain());
    }

    @Bean
    @ConditionalOnMissingBean
    AggregateHistory aggregateHistory(
            JournalHistory history,
            JournalMessages messages,
            RegistrySerializer serializer,
            Configuration configuration) {
        return new AggregateHistory(history, messages, serializer, () -> AggregateTypes.of(configuration));
    }

    @Bean
    @ConditionalOnMissingBean
    WhatIf whatIf(JournalHistory history, JournalMessages messages, RegistrySerializer serializer) {
        return new WhatIf(history, messages, serializer);
    }

    @Bean
    @ConditionalOnMissingBean
    LiveSagas liveSagas(DataSource dataSource, JsonCodec codec) {
        return new LiveSagas(dataSource, codec);
    }

    @Bean
    @ConditionalOnMissingBean
    DeployedSagas deployedSagas(
            Configuration configuration, FarandoleModule module, ListableBeanFactory beans, Environment environment) {
        return new DeployedSagas(configuration, module, beans, environment);
    }

    @Bean
    @ConditionalOnMissingBean
    ProcessRecorder processRecorder(
            JournalHistory history,
            JournalMessages messages,
            RegistrySerializer serializer,
            WhatIf whatIf,
            Journal journal,
            Configuration configuration,
            Clock clock) {
        return new ProcessRecorder(
                journal.context(),
                history,
                whatIf,
                new AggregateFold(messages, serializer, () -> AggregateTypes.of(configuration)),
                clock);
    }
}
