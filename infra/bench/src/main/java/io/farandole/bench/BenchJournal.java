package io.farandole.bench;

import com.zaxxer.hikari.HikariDataSource;
import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalSettings;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A journal as a service has it: a pool of connections of the application role. The database stays when it is closed. */
final class BenchJournal implements AutoCloseable {

    private static final int CONNECTIONS = 12;

    private final TestDatabase database;
    private final HikariDataSource pool;
    private final Journal journal;

    /** Over a database with the framework's tables, reached at this JDBC URL, which may be a proxy's. */
    BenchJournal(TestDatabase database, String url, String context) {
        this.database = database;
        pool = database.appPool(CONNECTIONS, url);
        journal = new Journal(pool, JournalSettings.of(context));
    }

    /** Over a new database of a server that is durable. */
    static BenchJournal create(PostgresServer server, String context) throws SQLException {
        TestDatabase database = server.createDatabase(context);
        Servers.requireDurability(server);
        database.migrate();
        return new BenchJournal(database, database.url(), context);
    }

    Journal journal() {
        return journal;
    }

    HikariDataSource pool() {
        return pool;
    }

    TestDatabase database() {
        return database;
    }

    /** The first column of the first row, past the pool. */
    String text(String query) throws SQLException {
        try (Connection connection = database.connectAsAdmin();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return String.valueOf(result.getString(1));
        }
    }

    /** The same as a number. */
    long number(String query) throws SQLException {
        return Long.parseLong(text(query));
    }

    /** Bytes of write-ahead log of the whole server, so far. */
    long walBytes() throws SQLException {
        return number("select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint");
    }

    @Override
    public void close() {
        journal.close();
        pool.close();
    }
}
