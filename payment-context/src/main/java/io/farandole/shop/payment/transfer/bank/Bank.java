package io.farandole.shop.payment.transfer.bank;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Properties;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.XAConnection;
import org.postgresql.PGProperty;
import org.postgresql.xa.PGXADataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One bank's database: a pool for local transactions, and one for XA, whose connections are held from the first statement until
 * the outcome has been told. Thread-safe.
 */
final class Bank implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Bank.class);

    private final String name;
    private final HikariDataSource local;
    private final PGXADataSource xa;
    private final Semaphore places;
    private final long patience;
    private final Deque<XAConnection> idle = new ArrayDeque<>();

    Bank(String name, BankSettings settings, BankTimeouts timeouts, int connections) {
        this.name = name;
        Properties driver = new Properties();
        driver.setProperty(
                PGProperty.CONNECT_TIMEOUT.getName(),
                Long.toString(timeouts.connect().toSeconds()));
        driver.setProperty(
                PGProperty.SOCKET_TIMEOUT.getName(),
                Long.toString(timeouts.answer().toSeconds()));
        driver.setProperty(PGProperty.TCP_KEEP_ALIVE.getName(), "true");
        driver.setProperty(
                PGProperty.OPTIONS.getName(),
                "-c lock_timeout=" + timeouts.lock().toMillis() + " -c statement_timeout="
                        + timeouts.statement().toMillis() + " -c idle_in_transaction_session_timeout="
                        + timeouts.transaction().toMillis());
        HikariConfig config = new HikariConfig();
        config.setPoolName("bank-" + name);
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.username());
        config.setPassword(settings.password());
        config.setDataSourceProperties(driver);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(0);
        config.setAutoCommit(true);
        config.setConnectionTimeout(Math.max(timeouts.connect().toMillis(), 250));
        config.setInitializationFailTimeout(-1);
        local = new HikariDataSource(config);
        xa = new PGXADataSource();
        xa.setUrl(settings.url());
        xa.setUser(settings.username());
        xa.setPassword(settings.password());
        xa.setConnectTimeout((int) timeouts.connect().toSeconds());
        xa.setSocketTimeout((int) timeouts.answer().toSeconds());
        xa.setTcpKeepAlive(true);
        xa.setOptions(driver.getProperty(PGProperty.OPTIONS.getName()));
        places = new Semaphore(connections, true);
        patience = timeouts.lock().toMillis();
    }

    String name() {
        return name;
    }

    /** A connection for a local transaction, with autocommit on; the caller closes it. */
    Connection connect() throws SQLException {
        return local.getConnection();
    }

    /** A connection for an XA transaction; the caller gives it back, or discards it. */
    XAConnection takeXa() throws SQLException {
        try {
            if (!places.tryAcquire(patience, TimeUnit.MILLISECONDS)) {
                throw new SQLException("No XA connection to bank " + name + " is free", "53300");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("Interrupted while waiting for an XA connection to bank " + name, "57014", e);
        }
        XAConnection free;
        synchronized (idle) {
            free = idle.pollFirst();
        }
        if (free != null) {
            return free;
        }
        boolean made = false;
        try {
            XAConnection connection = newXa();
            made = true;
            return connection;
        } finally {
            if (!made) {
                places.release();
            }
        }
    }

    /** A connection beside the pool's, for recovery, which must not wait for transfers. */
    XAConnection newXa() throws SQLException {
        return xa.getXAConnection();
    }

    void giveBack(XAConnection connection) {
        synchronized (idle) {
            idle.addFirst(connection);
        }
        places.release();
    }

    /** For a connection that nobody knows the state of; what was prepared over it stays prepared. */
    void discard(XAConnection connection) {
        closeQuietly(connection);
        // After a restart of the bank all idle ones are dead too: better made anew than met one by one.
        synchronized (idle) {
            idle.forEach(this::closeQuietly);
            idle.clear();
        }
        places.release();
    }

    void closeQuietly(XAConnection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            log.debug("A connection to bank {} did not close", name, e);
        }
    }

    /** What {@code max_prepared_transactions} is there. */
    int maxPrepared() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show max_prepared_transactions")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Override
    public void close() {
        local.close();
        synchronized (idle) {
            idle.forEach(this::closeQuietly);
            idle.clear();
        }
    }
}
