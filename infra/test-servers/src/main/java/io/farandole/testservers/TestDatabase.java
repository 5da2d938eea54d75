package io.farandole.testservers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A database of one test, with roles and schemas as production has them. Empty: who needs the framework's tables says
 * {@link #migrate()}. Thread-safe. Closing it drops database and roles, also under open sessions.
 */
public final class TestDatabase implements AutoCloseable {

    private final PostgresServer server;
    private final String name;
    private final String migratorPassword = UUID.randomUUID().toString();
    private final String appPassword = UUID.randomUUID().toString();

    private TestDatabase(PostgresServer server, String name) {
        this.server = server;
        this.name = name;
    }

    static TestDatabase create(PostgresServer server, String name) {
        TestDatabase database = new TestDatabase(server, name);
        try (Connection connection = server.connectAsAdmin("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(database.filled("deploy/postgres/roles.sql"));
            statement.execute("create database \"" + name + "\" owner \"" + database.ownerRole() + "\"");
        } catch (SQLException failed) {
            throw new IllegalStateException("Cannot create database " + name + " on " + server, failed);
        }
        try (Connection connection = server.connectAsAdmin(name);
                Statement statement = connection.createStatement()) {
            statement.execute(database.filled("deploy/postgres/database.sql"));
        } catch (SQLException failed) {
            throw new IllegalStateException("Cannot set up database " + name + " on " + server, failed);
        }
        return database;
    }

    private String filled(String file) {
        return ServicesScript.file(file)
                .replace("${database}", name)
                .replace("${owner}", ownerRole())
                .replace("${migrator}", migratorUser())
                .replace("${app}", appUser())
                .replace("${migrator_password}", migratorPassword)
                .replace("${app_password}", appPassword);
    }

    /** The server that it is on. */
    public PostgresServer server() {
        return server;
    }

    /** The database's name. */
    public String name() {
        return name;
    }

    /** The JDBC URL. */
    public String url() {
        return server.url(name);
    }

    /** Owns database and schemas; cannot log in. */
    public String ownerRole() {
        return name + "_owner";
    }

    /** Logs in for migrations, and acts as the owner. */
    public String migratorUser() {
        return name + "_migrator";
    }

    /** The migrator's password. */
    public String migratorPassword() {
        return migratorPassword;
    }

    /** What a service runs as; {@code search_path} is {@code app}. */
    public String appUser() {
        return name + "_app";
    }

    /** The application role's password. */
    public String appPassword() {
        return appPassword;
    }

    /** A superuser, for what a test does behind the application's back. */
    public String adminUser() {
        return server.adminUser();
    }

    /** The superuser's password. */
    public String adminPassword() {
        return server.adminPassword();
    }

    /** Makes the tables of those modules of the framework that are on the class path, as a service's start makes them. */
    public void migrate() {
        Flyway.configure()
                .dataSource(migratorDataSource())
                .initSql("set role \"" + ownerRole() + "\"")
                .schemas("farandole")
                .defaultSchema("farandole")
                .table("schema_history")
                .locations("classpath:io/farandole/migration")
                .placeholders(Map.of("appRole", appUser()))
                .outOfOrder(true)
                .load()
                .migrate();
    }

    /**
     * A pool of connections of the application role, which waits for a free one for ten seconds and keeps no idle ones. The
     * caller closes it.
     */
    public HikariDataSource appPool(int connections) {
        return appPool(connections, url());
    }

    /** The same, over another address of the database, such as a proxy's. */
    public HikariDataSource appPool(int connections, String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(appUser());
        config.setPassword(appPassword);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(10_000);
        return new HikariDataSource(config);
    }

    /** A data source without a pool, as the application role. */
    public DataSource appDataSource() {
        return dataSource(appUser(), appPassword);
    }

    /** A data source without a pool, as the migrator. */
    public DataSource migratorDataSource() {
        return dataSource(migratorUser(), migratorPassword);
    }

    /** A data source without a pool, as superuser. */
    public DataSource adminDataSource() {
        return dataSource(adminUser(), adminPassword());
    }

    /** A new connection as the application role; the caller closes it. */
    public Connection connectAsApp() throws SQLException {
        return DriverManager.getConnection(url(), appUser(), appPassword);
    }

    /** A new connection as the migrator; the caller closes it. */
    public Connection connectAsMigrator() throws SQLException {
        return DriverManager.getConnection(url(), migratorUser(), migratorPassword);
    }

    /** A new connection as superuser; the caller closes it. */
    public Connection connectAsAdmin() throws SQLException {
        return server.connectAsAdmin(name);
    }

    /** Ends all its sessions; see {@link PostgresServer#terminateSessions}. */
    public int terminateSessions() {
        return server.terminateSessions(this);
    }

    private DataSource dataSource(String user, String password) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url());
        source.setUser(user);
        source.setPassword(password);
        return source;
    }

    /** Drops the database and its roles. Does nothing if they are gone. */
    @Override
    public void close() {
        try (Connection connection = server.connectAsAdmin("postgres")) {
            for (String prepared : preparedTransactions(connection)) {
                rollbackPrepared(prepared);
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("drop database if exists \"" + name + "\" with (force)");
                for (String role : List.of(appUser(), migratorUser(), ownerRole())) {
                    statement.execute("drop role if exists \"" + role + "\"");
                }
            }
        } catch (SQLException failed) {
            throw new IllegalStateException("Cannot drop database " + name + " on " + server, failed);
        }
    }

    /** They outlive their sessions, and keep a database from being dropped. */
    private List<String> preparedTransactions(Connection connection) throws SQLException {
        List<String> ids = new ArrayList<>();
        try (var statement = connection.prepareStatement("select gid from pg_prepared_xacts where database = ?")) {
            statement.setString(1, name);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getString(1));
                }
            }
        }
        return ids;
    }

    private void rollbackPrepared(String id) throws SQLException {
        try (Connection inside = connectAsAdmin();
                Statement statement = inside.createStatement()) {
            statement.execute("rollback prepared '" + id.replace("'", "''") + "'");
        }
    }

    @Override
    public String toString() {
        return "database " + name + " on " + server;
    }
}
