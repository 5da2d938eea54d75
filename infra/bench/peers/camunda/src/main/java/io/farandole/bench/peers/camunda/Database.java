package io.farandole.bench.peers.camunda;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.farandole.bench.load.ContenderSettings;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** A database with its pool: prepared statements are kept by the server from their first use on. */
record Database(HikariDataSource source, JdbcTemplate jdbc, DataSourceTransactionManager transactions)
        implements AutoCloseable {

    static Database open(String name, String url, ContenderSettings settings, int connections) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(url);
        config.setUsername(settings.dbUser());
        config.setPassword(settings.dbPassword());
        config.setMaximumPoolSize(connections);
        config.addDataSourceProperty("prepareThreshold", "1");
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        HikariDataSource source = new HikariDataSource(config);
        return new Database(source, new JdbcTemplate(source), new DataSourceTransactionManager(source));
    }

    @Override
    public void close() {
        source.close();
    }
}
