package io.farandole.boot.audit;

import io.farandole.audit.personal.Erasures;
import io.farandole.audit.personal.ForeignKeys;
import io.farandole.audit.personal.KeyedPersonalData;
import io.farandole.audit.personal.OwnKeys;
import io.farandole.audit.personal.PersonalDataErased;
import io.farandole.boot.AxonFarandoleAutoConfiguration;
import io.farandole.eventstore.Journal;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.JsonCodec;
import io.farandole.messaging.PersonalData;
import java.time.Clock;
import javax.sql.DataSource;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventBus;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Personal data: its keys, and their destruction. */
@AutoConfiguration(after = AxonFarandoleAutoConfiguration.class)
@ConditionalOnClass(OwnKeys.class)
@ConditionalOnBean(Journal.class)
@EnableConfigurationProperties(PersonalProperties.class)
public class PersonalAutoConfiguration {

    @Bean
    static EventTypes personalEventTypes() {
        return PersonalDataErased.TYPES;
    }

    @Bean
    @ConditionalOnMissingBean
    OwnKeys ownPersonalKeys(Journal journal, DataSource dataSource, PersonalProperties properties) {
        return new OwnKeys(journal.context(), dataSource, ConfiguredMasterKeys.of(properties));
    }

    @Bean
    @ConditionalOnMissingBean
    ForeignKeys foreignPersonalKeys(PersonalProperties properties, JsonCodec codec) {
        return new OwnersOverHttp(properties, codec);
    }

    @Bean
    @ConditionalOnMissingBean
    PersonalData personalData(OwnKeys own, ForeignKeys foreign, PersonalProperties properties) {
        return new KeyedPersonalData(own, foreign, properties.cacheFor(), System::nanoTime);
    }

    @Bean
    @ConditionalOnMissingBean
    Erasures erasures(OwnKeys own, TransactionManager transactions, ObjectProvider<EventBus> events, Clock clock) {
        return new Erasures(own, transactions, events::getObject, clock);
    }
}
