package io.farandole.acceptance.defect;

import io.farandole.testservers.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Bars some appends to a context's journal, in the midst of their transactions: they wait in a trigger for a lock that this has. Not for
 * longer than the services' {@code lock_timeout}.
 */
final class JournalGate implements AutoCloseable {

    private final TestDatabase database;
    private final Connection connection;

    private JournalGate(TestDatabase database, Connection connection) {
        this.database = database;
        this.connection = connection;
    }

    /**
     * Installs it, open.
     *
     * @param when {@code before insert} or {@code after insert}: then the row has its position already
     * @param condition which rows, such as {@code new.payload_type = 'stock.goods-received'}
     */
    static JournalGate in(TestDatabase database, String when, String condition) throws SQLException {
        Connection connection = database.connectAsAdmin();
        JournalGate gate = new JournalGate(database, connection);
        gate.execute("create function farandole.pass_gate() returns trigger language plpgsql as"
                + " $$ begin perform pg_advisory_xact_lock_shared(4711, 1); return new; end $$");
        gate.execute("create trigger gate " + when + " on farandole.journal for each row when (" + condition
                + ") execute function farandole.pass_gate()");
        return gate;
    }

    /** Whoever comes from now on waits. */
    void bar() throws SQLException {
        execute("select pg_advisory_lock(4711, 1)");
    }

    /** All go on. */
    void open() throws SQLException {
        execute("select pg_advisory_unlock_all()");
    }

    /** How many transactions wait. */
    int waiting() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "select count(*) from pg_locks l join pg_database d on d.oid = l.database and d.datname = '"
                                + database.name()
                                + "' where l.locktype = 'advisory' and l.classid = 4711 and not l.granted")) {
            result.next();
            return result.getInt(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
