package io.farandole.bench.peers.seata;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.farandole.bench.load.ContenderSettings;
import org.springframework.jdbc.core.JdbcTemplate;

/** A participant's database with its pool: prepared statements are kept by the server from their first use on. */
record Database(HikariDataSource source, JdbcTemplate jdbc) implements AutoCloseable {

    static Database open(String name, String url, ContenderSettings settings, int connections) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(url);
        config.setUsername(settings.dbUser());
        config.setPassword(settings.dbPassword());
        config.setMaximumPoolSize(connections);
        config.addDataSourceProperty("prepareThreshold", "1");
        HikariDataSource source = new HikariDataSource(config);
        return new Database(source, new JdbcTemplate(source));
    }

    /** Makes the table in which Seata's fence notes what has been done for which branch. */
    Database withFence() {
        jdbc.execute(
                """
                create table tcc_fence_log (
                    xid varchar(128) not null,
                    branch_id bigint not null,
                    action_name varchar(64) not null,
                    status smallint not null,
                    gmt_create timestamp(3) not null,
                    gmt_modified timestamp(3) not null,
                    primary key (xid, branch_id))""");
        jdbc.execute("create index on tcc_fence_log (gmt_modified)");
        jdbc.execute("create index on tcc_fence_log (status)");
        return this;
    }

    @Override
    public void close() {
        source.close();
    }
}
