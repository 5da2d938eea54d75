package io.farandole.boot;

import org.flywaydb.core.Flyway;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;

/** Migrates the framework's schema before the application's own, and before anything reads it. */
@AutoConfiguration(after = DataSourceAutoConfiguration.class, before = FlywayAutoConfiguration.class)
@ConditionalOnClass(Flyway.class)
@EnableConfigurationProperties(MigrationSettings.class)
public class MigrationAutoConfiguration {

    @Bean(initMethod = "migrate")
    FrameworkMigration frameworkMigration(MigrationSettings settings, JdbcConnectionDetails database) {
        return new FrameworkMigration(settings, database);
    }

    @Bean
    @ConditionalOnMissingBean
    FlywayMigrationStrategy farandoleFlywayMigrationStrategy(FrameworkMigration framework) {
        return flyway -> {
            framework.migrate();
            flyway.migrate();
        };
    }
}
