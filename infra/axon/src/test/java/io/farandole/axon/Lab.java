package io.farandole.axon;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A database with the framework's tables and {@code app.effect}, where handlers leave what they did. It has no constraint
 * against doubles: the tests find them.
 */
final class Lab implements AutoCloseable {

    private final TestDatabase database;
    private final HikariDataSource pool;
    private final JdbcTemplate jdbc;
    private final List<Instance> instances = new ArrayList<>();

    Lab(String name) {
        database = PostgresServer.shared().createDatabase(name);
        database.migrate();
        asAdmin("create table app.effect (id bigint generated always as identity primary key, processor text not null,"
                + " process_key text not null, number integer not null);"
                + " create table app.single (name text, constraint single_name unique (name) deferrable initially deferred);"
                + " grant select, insert on app.effect, app.single to \"" + database.appUser() + "\"");
        pool = pool(4);
        jdbc = new JdbcTemplate(pool);
    }

    /** A pool of connections of the runtime role. */
    HikariDataSource pool(int connections) {
        return pool(connections, database.url());
    }

    /** The same, to this address. */
    HikariDataSource pool(int connections, String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(database.appUser());
        config.setPassword(database.appPassword());
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(5_000);
        return new HikariDataSource(config);
    }

    HikariDataSource pool() {
        return pool;
    }

    JdbcTemplate jdbc() {
        return jdbc;
    }

    TestDatabase database() {
        return database;
    }

    void asAdmin(String sql) {
        try (Connection connection = database.server().connectAsAdmin(database.name());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    Instance.Plan instance(String name) {
        return new Instance.Plan(this, name);
    }

    void opened(Instance instance) {
        instances.add(instance);
    }

    /** What a processor's handlers did, per process, in the order in which they did it. */
    Map<String, List<Integer>> effects(String processor) {
        Map<String, List<Integer>> effects = new LinkedHashMap<>();
        jdbc.query(
                "select process_key, number from app.effect where processor = ? order by id",
                row -> {
                    effects.computeIfAbsent(row.getString(1), key -> new ArrayList<>())
                            .add(row.getInt(2));
                },
                processor);
        return effects;
    }

    List<Integer> effects(String processor, String key) {
        return effects(processor).getOrDefault(key, List.of());
    }

    @Override
    public void close() {
        instances.forEach(Instance::close);
        pool.close();
        database.close();
    }
}
