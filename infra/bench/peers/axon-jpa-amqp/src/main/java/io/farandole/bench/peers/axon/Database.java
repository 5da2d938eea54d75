package io.farandole.bench.peers.axon;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.util.Objects;
import java.util.Properties;
import org.axonframework.common.jpa.EntityManagerProvider;
import org.axonframework.common.jpa.SimpleEntityManagerProvider;
import org.hibernate.boot.model.naming.PhysicalNamingStrategySnakeCaseImpl;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The database of one context: a pool, Axon's entities in it, and the list of messages that were received. */
final class Database implements AutoCloseable {

    private final HikariDataSource pool;
    private final LocalContainerEntityManagerFactoryBean entities;
    private final EntityManager entityManager;
    private final PlatformTransactionManager transactions;
    private final JdbcTemplate jdbc;

    /** Makes its tables anew. */
    Database(String context, String url, String user, String password, int connections) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(context);
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(connections);
        config.setAutoCommit(false);
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("prepareThreshold", "1");
        pool = new HikariDataSource(config);
        entities = new LocalContainerEntityManagerFactoryBean();
        entities.setPersistenceUnitName(context);
        entities.setDataSource(pool);
        entities.setPackagesToScan(
                "org.axonframework.eventsourcing.eventstore.jpa",
                "org.axonframework.modelling.saga.repository.jpa",
                "org.axonframework.eventhandling.tokenstore.jpa");
        entities.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
        entities.setJpaProperties(hibernate());
        entities.afterPropertiesSet();
        EntityManagerFactory factory = Objects.requireNonNull(entities.getObject());
        entityManager = SharedEntityManagerCreator.createSharedEntityManager(factory);
        JpaTransactionManager manager = new JpaTransactionManager(factory);
        manager.setDataSource(pool);
        manager.afterPropertiesSet();
        transactions = manager;
        jdbc = new JdbcTemplate(pool);
        new TransactionTemplate(transactions)
                .executeWithoutResult(status -> jdbc.execute(
                        "create table if not exists inbox (message_id text primary key, received_at timestamptz not null default now())"));
    }

    private static Properties hibernate() {
        Properties properties = new Properties();
        properties.setProperty("hibernate.hbm2ddl.auto", "create");
        properties.setProperty(
                "hibernate.physical_naming_strategy", PhysicalNamingStrategySnakeCaseImpl.class.getName());
        properties.setProperty("hibernate.jdbc.batch_size", "50");
        properties.setProperty("hibernate.order_inserts", "true");
        properties.setProperty("hibernate.order_updates", "true");
        properties.setProperty("hibernate.connection.provider_disables_autocommit", "true");
        properties.setProperty("hibernate.jdbc.time_zone", "UTC");
        return properties;
    }

    EntityManagerProvider entityManagers() {
        return new SimpleEntityManagerProvider(entityManager);
    }

    PlatformTransactionManager transactions() {
        return transactions;
    }

    /** Within the current transaction. */
    JdbcTemplate jdbc() {
        return jdbc;
    }

    @Override
    public void close() {
        entities.destroy();
        pool.close();
    }
}
