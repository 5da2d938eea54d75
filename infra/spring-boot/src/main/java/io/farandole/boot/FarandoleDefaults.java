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
 * <p>The application's own Flyway migrations run in schema {@code app}, as the same migration user as the framework's.
 */
class FarandoleDefaults implements EnvironmentPostProcessor, Ordered {

    private static final String NAME = "farandoleDefaults";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Map<String, Object> defaults = new LinkedHashMap<>();
        defaults.put("axon.update-check.disabled", "true");
        // One time-out per batch, on the processor, is ours; Axon's costs microseconds per command.
        defaults.put("axon.timeout.enabled", "false");
        // Segments, retries, deadlines, outside calls and the relay's lease hold connections beside the HTTP threads.
        defaults.put("spring.datasource.hikari.maximum-pool-size", "24");
        defaults.put("spring.jpa.open-in-view", "false");
        defaults.put("spring.jpa.hibernate.ddl-auto", "validate");
        defaults.put("spring.jpa.properties.hibernate.jdbc.batch_size", "64");
        defaults.put("spring.jpa.properties.hibernate.order_inserts", "true");
        defaults.put("spring.jpa.properties.hibernate.order_updates", "true");
        defaults.put("spring.jpa.properties.hibernate.default_schema", "app");
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
