package io.farandole.boot.audit;

import io.farandole.audit.export.HistoryExported;
import io.farandole.audit.export.HistoryExports;
import io.farandole.audit.seal.CheckpointSigner;
import io.farandole.boot.AxonFarandoleAutoConfiguration;
import io.farandole.boot.FarandoleConfigurationException;
import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalEventStorageEngine;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.JsonCodec;
import java.nio.file.Path;
import java.time.Clock;
import javax.sql.DataSource;
import org.axonframework.eventhandling.EventBus;
import org.axonframework.eventhandling.GenericEventMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Bundles for auditors. */
@AutoConfiguration(after = {AxonFarandoleAutoConfiguration.class, SealAutoConfiguration.class})
@ConditionalOnClass(HistoryExports.class)
@EnableConfigurationProperties(ExportProperties.class)
public class ExportAutoConfiguration {

    /** Also where nothing can be exported any more: the journal may hold some from before. */
    @Bean
    EventTypes exportEventTypes() {
        return HistoryExported.TYPES;
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(JournalEventStorageEngine.class)
    HistoryExports historyExports(
            Journal journal,
            DataSource dataSource,
            JsonCodec codec,
            ExportProperties properties,
            ObjectProvider<SealProperties> sealing,
            ObjectProvider<EventBus> events,
            PlatformTransactionManager transactions,
            Clock clock) {
        SealProperties seal = sealing.getIfAvailable();
        TransactionTemplate transaction = new TransactionTemplate(transactions);
        return new HistoryExports(
                journal.context(),
                dataSource,
                seal == null ? null : signer(seal.signingKey()),
                codec,
                properties.maskedFields(),
                properties.unmaskedAllowed(),
                exported -> transaction.executeWithoutResult(
                        status -> events.getObject().publish(GenericEventMessage.asEventMessage(exported))),
                clock);
    }

    private static @Nullable CheckpointSigner signer(@Nullable Path key) {
        try {
            return key == null ? null : CheckpointSigner.read(key);
        } catch (IllegalArgumentException e) {
            throw new FarandoleConfigurationException(
                    "farandole.audit.seal.signing-key is of no use: " + e.getMessage() + ".",
                    "Make one with `openssl genpkey -algorithm ed25519 -out seal.pem`, and let the service's user read it.");
        }
    }
}
