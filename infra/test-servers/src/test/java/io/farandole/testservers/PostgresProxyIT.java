package io.farandole.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.testservers.PostgresProxy.CommitFault;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PostgresProxyIT {

    private final TestDatabase database = PostgresServer.shared().createDatabase("proxy");
    private final PostgresProxy proxy = PostgresProxy.to(database.server());
    private Connection direct;
    private Connection session;

    @BeforeEach
    void connect() throws SQLException {
        direct = database.connectAsAdmin();
        try (Statement statement = direct.createStatement()) {
            statement.execute("create table note (text text); create table other (text text);"
                    + " create table once (text text unique deferrable initially deferred);"
                    + " grant all on note, other, once to public");
        }
        session = open("");
    }

    private Connection open(String options) throws SQLException {
        Connection opened = DriverManager.getConnection(
                proxy.url(database) + "?socketTimeout=20" + options, database.adminUser(), database.adminPassword());
        opened.setAutoCommit(false);
        return opened;
    }

    @AfterEach
    void close() throws SQLException {
        direct.close();
        session.abort(Runnable::run);
        proxy.close();
        database.close();
    }

    @Test
    void handsOnWhatIsNotHit() throws SQLException {
        String large = "ä".repeat(300_000);
        for (int i = 0; i < 8; i++) {
            write("note", large);
            session.commit();
        }
        try (Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery("select text from note")) {
            while (rows.next()) {
                assertThat(rows.getString(1)).isEqualTo(large);
            }
        }
        assertThat(count("note")).isEqualTo(8);
        assertThat(proxy.struck()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "ANSWER_LOST, extended, 1",
        "ANSWER_LOST, simple, 1",
        "NEVER_ARRIVES, extended, 0",
        "NEVER_ARRIVES, simple, 0"
    })
    void cutsACommitOffBeforeOrAfterItTookPlace(CommitFault fault, String mode, long written) throws SQLException {
        try (Connection one = open("&preferQueryMode=" + mode)) {
            // The driver parses COMMIT at the first one, and only binds it later.
            write(one, "other", "x");
            one.commit();
            proxy.onCommitAfter("into note", fault);
            write(one, "note", "x");
            assertThatThrownBy(one::commit)
                    .isInstanceOfSatisfying(SQLException.class, lost -> assertThat(lost.getSQLState())
                            .startsWith("08"));
            assertThat(proxy.struck()).isEqualTo(1);
        }
        assertThat(countOnceNobodyWrites()).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource({
        "ANSWER_LOST, extended, 1",
        "ANSWER_LOST, simple, 1",
        "NEVER_ARRIVES, extended, 0",
        "NEVER_ARRIVES, simple, 0"
    })
    void cutsAStatementOffThatCommitsByItself(CommitFault fault, String mode, long written) throws SQLException {
        try (Connection one = open("&preferQueryMode=" + mode)) {
            one.setAutoCommit(true);
            write(one, "note", "x");
            proxy.onCommitAfter("into note", fault);
            assertThatThrownBy(() -> write(one, "note", "x"))
                    .isInstanceOfSatisfying(SQLException.class, lost -> assertThat(lost.getSQLState())
                            .startsWith("08"));
            assertThat(proxy.struck()).isEqualTo(1);
        }
        assertThat(countOnceNobodyWrites()).isEqualTo(1 + written);
    }

    @Test
    void leavesASessionInSilenceAfterACommitThatTookPlace() throws SQLException {
        try (Connection one = open("&socketTimeout=1")) {
            proxy.onCommitAfter("into note", CommitFault.ANSWER_LOST_IN_SILENCE);
            write(one, "note", "x");
            long start = System.nanoTime();
            assertThatThrownBy(one::commit)
                    .isInstanceOfSatisfying(SQLException.class, lost -> assertThat(lost.getSQLState())
                            .startsWith("08"));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(900));
        }
        assertThat(count("note")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(CommitFault.class)
    void hitsNoOtherTransaction(CommitFault fault) throws SQLException {
        proxy.onCommitAfter("into note", fault);
        write("other", "x");
        session.commit();
        write("note", "x");
        session.rollback();
        write("other", "x");
        session.commit();
        assertThat(count("other")).isEqualTo(2);
        assertThat(proxy.struck()).isZero();
    }

    @Test
    void tellsACommitFromOneThatFails() throws SQLException {
        write("once", "x");
        session.commit();
        proxy.onCommitAfter("into once", CommitFault.ANSWER_LOST);
        write("once", "x");
        assertThatThrownBy(session::commit)
                .isInstanceOfSatisfying(SQLException.class, doubled -> assertThat(doubled.getSQLState())
                        .isEqualTo("23505"));
        session.rollback();
        assertThat(proxy.struck()).isZero();
        write("once", "y");
        assertThatThrownBy(session::commit).hasMessageContaining("I/O error");
        assertThat(count("once")).isEqualTo(2);
    }

    private void write(String table, String text) throws SQLException {
        write(session, table, text);
    }

    private static void write(Connection connection, String table, String text) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into " + table + " values (?)")) {
            insert.setString(1, text);
            insert.executeUpdate();
        }
    }

    private long count(String table) throws SQLException {
        try (Statement statement = direct.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from " + table)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** A session whose client is gone may still be rolling back. */
    private long countOnceNobodyWrites() throws SQLException {
        try (Statement statement = direct.createStatement()) {
            statement.execute("begin; lock table note in exclusive mode; commit");
        }
        return count("note");
    }
}
