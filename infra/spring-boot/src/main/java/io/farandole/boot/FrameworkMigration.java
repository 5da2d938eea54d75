package io.farandole.boot;

import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** Brings the framework's schema {@code farandole} to the version that this release needs, once, at start-up. */
class FrameworkMigration {

    private final MigrationSettings settings;
    private final JdbcConnectionDetails database;
    private boolean done;

    FrameworkMigration(MigrationSettings settings, JdbcConnectionDetails database) {
        this.settings = settings;
        this.database = database;
    }

    synchronized void migrate() {
        if (done || !settings.enabled()) {
            return;
        }
        flyway().migrate();
        done = true;
    }

    private Flyway flyway() {
        String url = settings.url() != null ? settings.url() : database.getJdbcUrl();
        boolean ownLogin = settings.user() != null;
        @Nullable String user = ownLogin ? settings.user() : database.getUsername();
        @Nullable String password = ownLogin ? settings.password() : database.getPassword();
        String appRole = database.getUsername();
        if (appRole == null) {
            throw new FarandoleConfigurationException(
                    "The data source has no user name.",
                    "Set spring.datasource.username to the service's runtime role.");
        }
        FluentConfiguration configuration = Flyway.configure(getClass().getClassLoader())
                .dataSource(url, user, password)
                .locations("classpath:io/farandole/migration")
                .schemas("farandole")
                .defaultSchema("farandole")
                .table("schema_history")
                .createSchemas(true)
                .outOfOrder(true)
                .placeholders(Map.of("appRole", appRole));
        if (settings.role() != null) {
            configuration.initSql("SET ROLE " + MigrationSettings.quoted(settings.role()));
        }
        return configuration.load();
    }
}
