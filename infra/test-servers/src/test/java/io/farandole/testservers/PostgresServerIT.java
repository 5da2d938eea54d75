package io.farandole.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class PostgresServerIT {

    @Test
    void givesEachTestADatabaseOfItsOwnAndDropsItWithItsRoles() throws SQLException {
        PostgresServer server = PostgresServer.shared();
        TestDatabase database = server.createDatabase("servers");

        assertThat(ask(database.connectAsApp(), "select current_database()")).isEqualTo(database.name());
        database.close();

        try (Connection admin = server.connectAsAdmin("postgres")) {
            assertThat(ask(admin, "select count(*) from pg_database where datname = '" + database.name() + "'"))
                    .isEqualTo("0");
        }
        assertThat(ask(
                        server.connectAsAdmin("postgres"),
                        "select count(*) from pg_roles where rolname like '" + database.name() + "%'"))
                .isEqualTo("0");
        database.close();
    }

    @Test
    void letsTheMigratorCreateAsOwnerAndTheAppRoleOnlyUse() throws SQLException {
        try (TestDatabase database = PostgresServer.shared().createDatabase("servers")) {
            try (Connection migrator = database.connectAsMigrator();
                    Statement statement = migrator.createStatement()) {
                statement.execute("create table app.note (text text)");
                statement.execute("create table farandole.secret (text text)");
            }
            try (Connection app = database.connectAsApp();
                    Statement statement = app.createStatement()) {
                statement.execute("insert into note values ('found by search_path')");
                assertThatThrownBy(() -> statement.execute("select * from farandole.secret"))
                        .hasMessageContaining("permission denied");
                assertThatThrownBy(() -> statement.execute("create table app.mine (text text)"))
                        .hasMessageContaining("permission denied");
                assertThatThrownBy(() -> statement.execute("create table public.mine (text text)"))
                        .hasMessageContaining("permission denied");
            }
            assertThat(ask(database.connectAsAdmin(), "select tableowner from pg_tables where tablename = 'note'"))
                    .isEqualTo(database.ownerRole());
        }
    }

    @Test
    void keepsOneContextOutOfTheDatabaseOfAnother() {
        PostgresServer server = PostgresServer.shared();
        try (TestDatabase mine = server.createDatabase("servers");
                TestDatabase others = server.createDatabase("servers")) {
            assertThatThrownBy(() ->
                            java.sql.DriverManager.getConnection(others.url(), mine.appUser(), mine.appPassword()))
                    .hasMessageContaining("permission denied for database");
        }
    }

    @Test
    void endsTheSessionsOfOneDatabaseOnly() throws SQLException {
        PostgresServer server = PostgresServer.shared();
        try (TestDatabase hit = server.createDatabase("servers");
                TestDatabase spared = server.createDatabase("servers");
                Connection ended = hit.connectAsApp();
                Connection lives = spared.connectAsApp()) {
            assertThat(hit.terminateSessions()).isEqualTo(1);

            assertThat(ended.isValid(5)).isFalse();
            assertThat(lives.isValid(5)).isTrue();
        }
    }

    @Test
    void writesToDiskForReal() throws SQLException {
        assertThat(ask(
                        PostgresServer.shared().connectAsAdmin("postgres"),
                        "select current_setting('fsync') || ' ' || current_setting('synchronous_commit')"))
                .isEqualTo("on on");
    }

    private static String ask(Connection connection, String question) throws SQLException {
        try (connection;
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(question)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
