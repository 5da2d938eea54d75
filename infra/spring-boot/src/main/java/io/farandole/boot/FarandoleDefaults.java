package io.farandole.boot;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Defaults for other people's properties, at the lowest precedence: whatever a context sets itself wins.
 *
 * <p>Every session of the pool has time-outs: {@code lock_timeout} 10 s, {@code statement_timeout} 30 s, {@code
 * idle_in_transaction_session_timeout} 60 s, and 40 s for an answer at all. A connection is waited for during 5 s.
 *
 * <p>The application's own Flyway migrations run in schema {@code app}, as the same migration user as the framework's.
 */
class FarandoleDefaults implements EnvironmentPostProcessor, Ordered {

    private static final String NAME = "farandoleDefaults";
    private static final String POSTGRES = "spring.datasource.hikari.data-source-properties.";
    private static final String SESSION =
            "-c lock_timeout=10s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Map<String, Object> defaults = new LinkedHashMap<>();
        defaults.put("axon.update-check.disabled", "true");
        // One time-out per batch, on the processor, is ours; Axon's costs microseconds per command.
        defaults.put("axon.timeout.enabled", "false");
        // Segments, retries, deadlines, outside calls and the relay's lease hold connections beside the HTTP threads.
        defaults.put("spring.datasource.hikari.maximum-pool-size", "24");
        // A client is answered 503 before it gives up, rather than kept for Hikari's 30 s.
        defaults.put("spring.datasource.hikari.connection-timeout", "5000");
        // A wait between a lock of the JVM and one of PostgreSQL is seen by neither, and a database that no longer
        // answers is
        // seen by nobody: so each wait ends. What the URL says wins over these.
        defaults.put(POSTGRES + "options", SESSION);
        defaults.put(POSTGRES + "connectTimeout", "5");
        defaults.put(POSTGRES + "socketTimeout", "40");
        defaults.put(POSTGRES + "tcpKeepAlive", "true");
        // Statements name tables without a schema, so that a replay can have them meet the copy of a read model.
        defaults.put(POSTGRES + "currentSchema", "app,public");
        // The driver's and Hibernate's error texts quote rows: customers' data, in logs and in stack traces that are
        // kept.
        defaults.put(POSTGRES + "logServerErrorDetail", "false");
        defaults.put("spring.jpa.open-in-view", "false");
        defaults.put("spring.jpa.hibernate.ddl-auto", "validate");
        defaults.put("spring.jpa.properties.hibernate.jdbc.batch_size", "64");
        defaults.put("spring.jpa.properties.hibernate.order_inserts", "true");
        defaults.put("spring.jpa.properties.hibernate.order_updates", "true");
        // A statement for 1, 2, 4 ... keys, not for each number of them: PostgreSQL plans each of its own.
        defaults.put("spring.jpa.properties.hibernate.query.in_clause_parameter_padding", "true");
        defaults.put("server.shutdown", "graceful");
        defaults.put("spring.lifecycle.timeout-per-shutdown-phase", "20s");
        defaults.put("management.endpoints.web.exposure.include", "health");
        defaults.put("management.endpoint.health.probes.enabled", "true");
        defaults.put("spring.flyway.schemas", "app");
        defaults.put("spring.flyway.default-schema", "app");
        defaults.put("spring.flyway.create-schemas", "false");
        String user = environment.getProperty("farandole.migration.user");
        if (user != null) {
            defaults.put("spring.flyway.user", "${farandole.migration.user}");
            defaults.put("spring.flyway.password", "${farandole.migration.password:}");
            String role = environment.getProperty("farandole.migration.role");
            if (role != null) {
                defaults.put("spring.flyway.init-sqls", "SET ROLE " + MigrationSettings.quoted(role));
            }
        }
        environment.getPropertySources().addLast(new MapPropertySource(NAME, defaults));
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
