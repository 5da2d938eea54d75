package io.farandole.boot.audit;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.audit.seal.Sealer;
import io.farandole.boot.FarandoleConfigurationException;
import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalEntry;
import io.farandole.messaging.EventType;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import io.farandole.verifier.CheckpointFiles;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;

/** How a context seals by its settings, and what it is told when they are no good. */
class SealAutoConfigurationIT {

    private static TestDatabase database;

    @EnableAutoConfiguration
    static class EmptyContext {

        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }
    }

    @BeforeAll
    static void open() {
        database = PostgresServer.shared().createDatabase("sealing");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void sealsAndStoresCheckpointsAndTells(@TempDir Path directory) throws Exception {
        Path key = directory.resolve("seal.pem");
        byte[] encoded = KeyPairGenerator.getInstance("Ed25519")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        Files.writeString(
                key,
                "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(encoded)
                        + "\n-----END PRIVATE KEY-----\n");
        try (ConfigurableApplicationContext context = start(
                "farandole.audit.seal.every=50ms",
                "farandole.audit.seal.checkpoint-every=0",
                "farandole.audit.seal.signing-key=" + key,
                "farandole.audit.seal.checkpoints=" + directory.resolve("checkpoints"))) {
            Sealer sealer = context.getBean(Sealer.class);
            append(context);

            await().until(() -> sealer.state().checkpointedUpTo() > 0);

            assertThat(new CheckpointFiles(directory.resolve("checkpoints"), "startup").newest())
                    .isPresent();
            Health health = context.getBean(SealHealth.class).health();
            assertThat(health.getStatus().getCode()).isEqualTo("UP");
            assertThat(health.getDetails()).containsKeys("sealedUpTo", "sealedAt", "checkpoints");
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            assertThat(meters.get("farandole.seal.position").gauge().value()).isPositive();
            assertThat(meters.get("farandole.seal.problems").gauge().value()).isZero();
        }
        asAdmin("truncate farandole.journal");
        try (ConfigurableApplicationContext context = start("farandole.audit.seal.every=50ms")) {
            SealHealth health = context.getBean(SealHealth.class);
            await().until(() -> health.health().getStatus().equals(SealHealth.UNPROVEN));
            assertThat(String.valueOf(health.health().getDetails().get("problem")))
                    .contains("its end was removed");
        }
    }

    @Test
    void leavesItWhereItIsSwitchedOff() {
        try (ConfigurableApplicationContext context = start("farandole.audit.seal.enabled=false")) {
            assertThat(context.getBeansOfType(Sealer.class)).isEmpty();
            assertThat(context.getBeansOfType(SealHealth.class)).isEmpty();
        }
    }

    @Test
    void namesThePropertyThatIsMissingOrUnsafe(@TempDir Path directory) throws Exception {
        Path noKey = Files.writeString(directory.resolve("none.pem"), "nothing");
        assertThatThrownBy(() -> start("farandole.audit.seal.signing-key=" + noKey))
                .rootCause()
                .isInstanceOf(FarandoleConfigurationException.class)
                .hasMessageContaining("Set farandole.audit.seal.checkpoints");
        assertThatThrownBy(() -> start("farandole.audit.seal.checkpoints=" + directory))
                .rootCause()
                .hasMessageContaining("set farandole.audit.seal.signing-key too");
        assertThatThrownBy(() -> start(
                        "farandole.audit.seal.signing-key=" + noKey, "farandole.audit.seal.checkpoints=" + directory))
                .hasStackTraceContaining("farandole.audit.seal.signing-key is of no use")
                .hasStackTraceContaining("holds no private key");
        assertThatThrownBy(() -> start("farandole.audit.seal.at-most=0"))
                .rootCause()
                .hasMessageContaining("farandole.audit.seal.at-most is 1 to 50000");
        assertThatThrownBy(() -> start("farandole.audit.seal.every=1ms"))
                .rootCause()
                .hasMessageContaining("farandole.audit.seal.every is 10 ms or more");
    }

    private static void append(ConfigurableApplicationContext context) {
        context.getBean(Journal.class)
                .appendOwn(List.of(JournalEntry.of(
                        "e-1", new EventType("startup.begun", 1), "{}", "p-1", Instant.parse("2026-11-22T00:00:00Z"))));
    }

    private static void asAdmin(String sql) {
        new JdbcTemplate(database.adminDataSource()).execute(sql);
    }

    private static ConfigurableApplicationContext start(String... properties) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("farandole.context", "startup");
        settings.put("farandole.rabbitmq.enabled", "false");
        settings.put("spring.datasource.url", database.url());
        settings.put("spring.datasource.username", database.appUser());
        settings.put("spring.datasource.password", database.appPassword());
        settings.put("farandole.migration.user", database.migratorUser());
        settings.put("farandole.migration.password", database.migratorPassword());
        settings.put("farandole.migration.role", database.ownerRole());
        settings.put("spring.main.banner-mode", "off");
        for (String property : properties) {
            int equals = property.indexOf('=');
            settings.put(property.substring(0, equals), property.substring(equals + 1));
        }
        return new SpringApplicationBuilder(EmptyContext.class)
                .web(WebApplicationType.NONE)
                .registerShutdownHook(false)
                .run(settings.entrySet().stream()
                        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new));
    }
}
