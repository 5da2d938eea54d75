package io.farandole.boot.audit;

import io.farandole.audit.seal.CheckpointDirectory;
import io.farandole.audit.seal.CheckpointSigner;
import io.farandole.audit.seal.CheckpointStore;
import io.farandole.audit.seal.Checkpoints;
import io.farandole.audit.seal.Sealer;
import io.farandole.boot.FarandoleConfigurationException;
import io.farandole.boot.JournalAutoConfiguration;
import io.farandole.eventstore.Journal;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tamper evidence: each instance has a sealer, one of which seals. */
@AutoConfiguration(after = JournalAutoConfiguration.class)
@ConditionalOnClass(Sealer.class)
@ConditionalOnBean(Journal.class)
@ConditionalOnProperty(name = "farandole.audit.seal.enabled", matchIfMissing = true)
@EnableConfigurationProperties(SealProperties.class)
public class SealAutoConfiguration {

    @Bean(initMethod = "start", destroyMethod = "close")
    @ConditionalOnMissingBean
    Sealer sealer(
            Journal journal,
            DataSource dataSource,
            SealProperties properties,
            ObjectProvider<CheckpointStore> store,
            ObjectProvider<MeterRegistry> meters) {
        Sealer sealer = new Sealer(
                journal,
                dataSource,
                properties.settings(),
                checkpoints(journal.context(), properties, store.getIfAvailable()));
        meters.ifAvailable(registry -> register(sealer, registry));
        return sealer;
    }

    private static @Nullable Checkpoints checkpoints(
            String context, SealProperties properties, @Nullable CheckpointStore given) {
        if (properties.signingKey() == null) {
            if (given != null) {
                throw new FarandoleConfigurationException(
                        "There is a CheckpointStore, and farandole.audit.seal.signing-key is not set.",
                        "Set it to the PEM file of an Ed25519 key, which `openssl genpkey -algorithm ed25519` makes.");
            }
            return null;
        }
        CheckpointStore store = given;
        if (store == null && properties.checkpoints() != null) {
            store = new CheckpointDirectory(properties.checkpoints(), context);
        }
        if (store == null) {
            throw new FarandoleConfigurationException(
                    "farandole.audit.seal.signing-key is set, and it is not said where checkpoints are kept.",
                    "Set farandole.audit.seal.checkpoints to a directory that all instances share and that the database's"
                            + " administrators cannot write to, or provide a CheckpointStore bean.");
        }
        try {
            return new Checkpoints(CheckpointSigner.read(properties.signingKey()), store);
        } catch (IllegalArgumentException e) {
            throw new FarandoleConfigurationException(
                    "farandole.audit.seal.signing-key is of no use: " + e.getMessage() + ".",
                    "Make one with `openssl genpkey -algorithm ed25519 -out seal.pem`, and let the service's user read it.");
        }
    }

    private static void register(Sealer sealer, MeterRegistry meters) {
        gauge(
                "position",
                "the last position that is sealed",
                sealer,
                s -> s.state().sealedUpTo(),
                meters);
        gauge(
                "behind",
                "positions that are not sealed yet",
                sealer,
                s -> s.state().behind(),
                meters);
        gauge(
                "checkpoint.position",
                "the last position that a stored checkpoint names",
                sealer,
                s -> s.state().checkpointedUpTo(),
                meters);
        gauge(
                "checkpoints.unstored",
                "checkpoints that are not stored outside of the database yet",
                sealer,
                s -> s.state().unstored(),
                meters);
        gauge(
                "problems",
                "1 while something is wrong with the chain or its checkpoints",
                sealer,
                s -> s.state().problem() == null ? 0 : 1,
                meters);
    }

    private static void gauge(
            String name, String description, Sealer sealer, ToDoubleFunction<Sealer> value, MeterRegistry meters) {
        Gauge.builder("farandole.seal." + name, sealer, value)
                .description(description)
                .register(meters);
    }

    /** What health tells, where there is health. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HealthIndicator.class)
    static class HealthConfiguration {

        @Bean
        SealHealth sealHealthIndicator(Sealer sealer) {
            return new SealHealth(sealer);
        }
    }
}
