package io.farandole.axon;

import io.farandole.eventstore.JournalTokenStore;
import java.util.Objects;
import javax.sql.DataSource;
import org.axonframework.common.AxonConfigurationException;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Refuses what would silently take the guarantees away. */
final class TransactionCheck {

    private TransactionCheck() {}

    static TransactionManager real(@Nullable TransactionManager transactions) {
        if (transactions == null || transactions instanceof NoTransactionManager) {
            throw new AxonConfigurationException(
                    "Axon has no transaction manager, so events, tokens and state would not be"
                            + " written together. Declare a bean of type"
                            + " org.axonframework.spring.messaging.unitofwork.SpringTransactionManager over the journal's data"
                            + " source (Axon's auto-configuration does not find that of Spring Boot 4)");
        }
        return transactions;
    }

    /** Only the journal's own token store refuses what a worker has done that has lost its segment. */
    static TokenStore fenced(TokenStore tokens, String processor) {
        if (tokens instanceof JournalTokenStore journalTokens) {
            return new BatchTokens(journalTokens);
        }
        throw new AxonConfigurationException("Processor " + processor + " has a "
                + tokens.getClass().getSimpleName() + ", which does not keep a worker that has lost its segment from"
                + " overwriting its token, or forgets tokens. Register io.farandole.eventstore.JournalTokenStore");
    }

    /** Two statements over the data source, in one transaction of the manager, have the same transaction id. */
    static void sameTransaction(DataSource dataSource, TransactionManager transactions) {
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        boolean same = transactions.fetchInTransaction(() -> Objects.equals(
                jdbc.queryForObject("select txid_current()", Long.class),
                jdbc.queryForObject("select txid_current()", Long.class)));
        if (!same) {
            throw new AxonConfigurationException(
                    "The transaction manager does not manage the journal's data source: two"
                            + " statements in one transaction ran in two. Give FarandoleModule the transaction manager of the"
                            + " DataSource that it is built with (with JPA: JpaTransactionManager with its dataSource set)");
        }
    }
}
