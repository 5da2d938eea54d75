package io.farandole.eventstore;

import com.zaxxer.hikari.HikariDataSource;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A database with the journal's tables, as a service has it: a pool of connections of the runtime role. */
final class JournalDatabase implements AutoCloseable {

    private final TestDatabase database;
    private final HikariDataSource pool;

    private JournalDatabase(TestDatabase database, HikariDataSource pool) {
        this.database = database;
        this.pool = pool;
    }

    static JournalDatabase create(String prefix) {
        return create(prefix, 12);
    }

    static JournalDatabase create(String prefix, int connections) {
        TestDatabase database = PostgresServer.shared().createDatabase(prefix);
        database.migrate();
        return new JournalDatabase(database, database.appPool(connections));
    }

    HikariDataSource pool() {
        return pool;
    }

    TestDatabase database() {
        return database;
    }

    /** Runs SQL as superuser, behind the application's back. */
    void asAdmin(String sql) {
        try (Connection connection = database.connectAsAdmin();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    long number(String sql) {
        try (Connection connection = database.connectAsAdmin();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    void empty() {
        asAdmin("truncate farandole.journal, farandole.snapshot, farandole.token_entry;"
                + " alter sequence farandole.journal_position restart");
    }

    @Override
    public void close() {
        pool.close();
        database.close();
    }
}
