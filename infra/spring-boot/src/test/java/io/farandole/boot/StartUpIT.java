package io.farandole.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.axon.RetryPolicy;
import io.farandole.eventstore.JournalEventStore;
import io.farandole.eventstore.JournalTokenStore;
import io.farandole.saga.barrier.Barrier;
import io.farandole.testservers.Patience;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.eventhandling.EventBus;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.serialization.Serializer;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** What a context gets from its settings alone, and what it is told when one is missing or unsafe. */
class StartUpIT {

    private static TestDatabase database;

    @EnableAutoConfiguration
    static class EmptyContext {}

    @BeforeAll
    static void open() {
        database = PostgresServer.shared().createDatabase("startup");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void putsTheJournalWhereAxonWouldHaveItsOwn() {
        try (ConfigurableApplicationContext context = start("farandole.rabbitmq.enabled=false")) {
            assertThat(context.getBean(EventBus.class)).isInstanceOf(JournalEventStore.class);
            assertThat(context.getBean(TokenStore.class)).isInstanceOf(JournalTokenStore.class);
            assertThat(context.getBean(TransactionManager.class)).isInstanceOf(SpringTransactionManager.class);
            assertThat(context.getBean(Serializer.class).getClass().getName()).contains("RegistrySerializer");
            assertThat(context.getBean(DeadlineManager.class).getClass().getName())
                    .contains("JournalDeadlines");
        }
    }

    @Test
    void namesTheMissingContext() {
        assertThatThrownBy(() -> start("farandole.context=", "farandole.rabbitmq.enabled=false"))
                .rootCause()
                .isInstanceOf(FarandoleConfigurationException.class)
                .hasMessageContaining("farandole.context");
    }

    @Test
    void refusesTheBrokersDefaultPassword() {
        assertThatThrownBy(() -> start())
                .rootCause()
                .isInstanceOf(FarandoleConfigurationException.class)
                .hasMessageContaining("spring.rabbitmq.password");
    }

    @Test
    void refusesARuntimeRoleThatCouldChangeHistory() {
        assertThatThrownBy(() -> start(
                        "farandole.rabbitmq.enabled=false",
                        "spring.datasource.username=" + database.adminUser(),
                        "spring.datasource.password=" + database.adminPassword()))
                .rootCause()
                .isInstanceOf(FarandoleConfigurationException.class)
                .hasMessageContaining("farandole.journal.require-append-only");
    }

    @Test
    void namesThePropertyWhoseRetryPolicyCannotBeRead() {
        assertThatThrownBy(() -> start("farandole.rabbitmq.enabled=false", "farandole.processors.retry=10 tries"))
                .rootCause()
                .hasMessageContaining("\"10 tries\": expected \"attempts\" at character 4");
        assertThatThrownBy(() -> start("farandole.rabbitmq.enabled=false", "farandole.processors.retry=10 tries"))
                .hasStackTraceContaining("'farandole.processors.retry'");
        assertThatThrownBy(() -> start(
                        "farandole.rabbitmq.enabled=false",
                        "farandole.processors.by-name.ShippingProcessor.retry=3 attempts"))
                .hasStackTraceContaining("'farandole.processors.by-name.shippingprocessor.retry'")
                .hasStackTraceContaining("expected \",\" at character 11");
    }

    @Test
    void readsRetryPoliciesAsSentences() {
        try (ConfigurableApplicationContext context = start(
                "farandole.rabbitmq.enabled=false",
                "farandole.processors.by-name.ShippingProcessor.retry=3 attempts, each wait 1 s")) {
            ProcessorProperties properties = context.getBean(ProcessorProperties.class);
            assertThat(properties.retry()).isEqualTo(RetryPolicy.DEFAULT);
            assertThat(properties.byName().get("ShippingProcessor"))
                    .extracting(ProcessorProperties.Differing::retry)
                    .isEqualTo(RetryPolicy.of("3 attempts, each wait 1 s"));
        }
    }

    @Test
    void refusesABarrierThatForgetsTooSoon() {
        assertThatThrownBy(() -> start("farandole.rabbitmq.enabled=false", "farandole.saga.barrier-retention=23h"))
                .rootCause()
                .hasMessageContaining("farandole.saga.barrier-retention is a day or more");
        assertThatThrownBy(() -> start(
                        "farandole.rabbitmq.enabled=false",
                        "farandole.saga.barrier-retention=5d",
                        "farandole.saga.retention=6d"))
                .rootCause()
                .hasMessageContaining("farandole.saga.retention");
        assertThatThrownBy(() -> start("farandole.rabbitmq.enabled=false", "farandole.saga.purge-interval=0s"))
                .rootCause()
                .hasMessageContaining("farandole.saga.purge-interval");
    }

    @Test
    void forgetsByItselfWhatTheBarrierNeedNotRemember() {
        try (ConfigurableApplicationContext context =
                start("farandole.rabbitmq.enabled=false", "farandole.saga.purge-interval=200ms")) {
            Barrier barrier = context.getBean(Barrier.class);
            barrier.forward("recent", "step");
            JdbcTemplate admin = new JdbcTemplate(database.adminDataSource());
            // More than go in one statement.
            admin.update(
                    "insert into farandole.barrier (process_key, step, forwarded, compensated, touched_at)"
                            + " select 'old-' || i, 'step', true, false, now() - interval '31 days' from generate_series(1, 2500) i");
            Patience.await().until(() -> admin.queryForList("select process_key from farandole.barrier", String.class)
                    .equals(List.of("recent")));
            assertThat(barrier.forward("recent", "step")).isEqualTo(Barrier.Forward.DUPLICATE);
        }
    }

    private static ConfigurableApplicationContext start(String... properties) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("farandole.context", "startup");
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
