package io.farandole.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * What it takes at least to sell one product to everybody: a row that each sale locks, changes and commits, over a pool of
 * {@value #CONNECTIONS} connections. No order, no payment, no message.
 */
final class LockedRow implements AutoCloseable {

    /** Connections of the pool. */
    static final int CONNECTIONS = 16;

    private static final long PATIENCE_SECONDS = 120;

    private final TestDatabase database;
    private final HikariDataSource pool;
    private long sold;

    LockedRow(PostgresServer server) throws SQLException {
        database = server.createDatabase("locked_row");
        Servers.requireDurability(server);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url());
        config.setUsername(database.adminUser());
        config.setPassword(database.adminPassword());
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        config.setAutoCommit(false);
        pool = new HikariDataSource(config);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table public.item (id integer primary key, available bigint not null, sold bigint not null)");
            statement.execute("insert into public.item values (1, " + Long.MAX_VALUE + ", 0)");
            connection.commit();
        }
    }

    /**
     * Sells so many pieces, one a transaction, as many at a time as are in flight; sales per second.
     *
     * @throws VoidRunException if the row does not show what was sold
     */
    double perSecond(int sales, int inFlight) throws Exception {
        ExecutorService customers = Executors.newFixedThreadPool(inFlight);
        try {
            List<Future<?>> ends = new ArrayList<>();
            long start = System.nanoTime();
            for (int i = 0; i < sales; i++) {
                ends.add(customers.submit(() -> {
                    sell();
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            long nanos = System.nanoTime() - start;
            sold += sales;
            check();
            return sales * 1e9 / nanos;
        } finally {
            customers.shutdownNow();
        }
    }

    private void sell() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            long available;
            try (ResultSet row = statement.executeQuery("select available from public.item where id = 1 for update")) {
                row.next();
                available = row.getLong(1);
            }
            if (available > 0) {
                statement.executeUpdate(
                        "update public.item set available = available - 1, sold = sold + 1 where id = 1");
            }
            connection.commit();
        }
    }

    private void check() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select sold from public.item where id = 1")) {
            row.next();
            if (row.getLong(1) != sold) {
                throw new VoidRunException(
                        "the locked row", List.of(row.getLong(1) + " pieces are sold instead of " + sold));
            }
        }
    }

    @Override
    public void close() {
        pool.close();
        database.close();
    }
}
