package io.farandole.bench;

import com.zaxxer.hikari.HikariDataSource;
import io.farandole.eventstore.JournalEventStorageEngine;
import io.farandole.eventstore.JournalEventStore;
import io.farandole.eventstore.RegistrySerializer;
import io.farandole.testservers.PostgresServer;
import java.sql.SQLException;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** A journal in this JVM with transactions and event stores over it, as a service has them. */
final class OpenJournal implements AutoCloseable {

    private final BenchJournal journal;
    private final TransactionManager transactions;

    /** In a new database of that server, which must be durable. */
    OpenJournal(PostgresServer server, String context) throws SQLException {
        this.journal = BenchJournal.create(server, context);
        this.transactions = new SpringTransactionManager(new DataSourceTransactionManager(journal.pool()));
    }

    HikariDataSource pool() {
        return journal.pool();
    }

    TransactionManager transactions() {
        return transactions;
    }

    /** Past the application role's limits, to fill tables. */
    JdbcTemplate admin() {
        return new JdbcTemplate(journal.database().adminDataSource());
    }

    /** An event store over the journal. */
    JournalEventStore store(RegistrySerializer serializer) {
        return JournalEventStore.builder()
                .storageEngine(JournalEventStorageEngine.builder()
                        .journal(journal.journal())
                        .serializer(serializer)
                        .build())
                .build();
    }

    /** Does something in a unit of work and transaction of its own; returns when it has committed. */
    void transact(Runnable work) {
        UnitOfWork<?> unit = DefaultUnitOfWork.startAndGet(null);
        unit.attachTransaction(transactions);
        var result = unit.executeWithResult(() -> {
            work.run();
            return true;
        });
        if (result.isExceptional()) {
            throw new IllegalStateException("A transaction failed", result.exceptionResult());
        }
    }

    @Override
    public void close() {
        journal.close();
    }
}
