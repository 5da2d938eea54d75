package io.farandole.participant;

import com.zaxxer.hikari.HikariDataSource;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** A service of the tests: effects are rows that nothing but the barrier keeps from being doubled. */
public final class Ledger implements AutoCloseable {

    public static final BarrierSettings IMPATIENT =
            new BarrierSettings(Duration.ofMillis(300), Duration.ofSeconds(30), 1024);

    public final TestDatabase database = PostgresServer.shared().createDatabase("participant");
    public final HikariDataSource pool;
    public final JdbcTransactionManager transactionManager;
    public final JdbcTemplate jdbc;
    public final BranchBarrier barrier;

    public Ledger() {
        Flyway.configure()
                .dataSource(database.migratorDataSource())
                .defaultSchema("app")
                .table("participant_history")
                .locations("classpath:io/farandole/participant/migration")
                .load()
                .migrate();
        try (Connection connection = database.connectAsMigrator();
                Statement statement = connection.createStatement()) {
            statement.execute("create table app.effect (gid text, branch text, amount bigint)");
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
        pool = database.appPool(16);
        transactionManager = new JdbcTransactionManager(pool);
        jdbc = new JdbcTemplate(pool);
        barrier = new BranchBarrier(pool, transactionManager);
    }

    public static Branch branch(String globalId, String branchId) {
        return new Branch("", globalId, branchId);
    }

    public void book(Branch branch, long amount) {
        jdbc.update("insert into effect values (?, ?, ?)", branch.globalId(), branch.branchId(), amount);
    }

    /** Rows of a branch, and their sum: {@code 1:100} is one effect of a hundred. */
    public String effects(Branch branch) {
        String effects = jdbc.queryForObject(
                "select count(*) || ':' || coalesce(sum(amount), 0) from effect where gid = ? and branch = ?",
                String.class,
                branch.globalId(),
                branch.branchId());
        return effects == null ? "" : effects;
    }

    /** The row that the barrier keeps. */
    public String state(Branch branch) {
        return jdbc.query(
                "select state || case when nothing_undone then ' with nothing undone' else '' end from participant_branch"
                        + " where global_id = ? and branch_id = ?",
                row -> row.next() ? row.getString(1) : "unknown",
                branch.globalId(),
                branch.branchId());
    }

    /** Whether it is held for longer than it may be. */
    public boolean isOverdue(Branch branch) {
        return Boolean.TRUE.equals(jdbc.queryForObject(
                "select held_until < clock_timestamp() from participant_branch where global_id = ? and branch_id = ?",
                Boolean.class,
                branch.globalId(),
                branch.branchId()));
    }

    @Override
    public void close() {
        pool.close();
        database.close();
    }
}
