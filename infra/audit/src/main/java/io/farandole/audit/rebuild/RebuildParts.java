package io.farandole.audit.rebuild;

import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalEventStorageEngine;
import io.farandole.messaging.EventTypes;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What a rebuild works with. */
record RebuildParts(
        JdbcTemplate jdbc,
        RebuildTable table,
        PlatformTransactionManager transactions,
        Journal journal,
        JournalEventStorageEngine engine,
        EventTypes types,
        RebuildSettings settings) {

    static RebuildParts of(
            DataSource dataSource,
            PlatformTransactionManager transactions,
            JournalEventStorageEngine engine,
            EventTypes types,
            RebuildSettings settings) {
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        return new RebuildParts(jdbc, new RebuildTable(jdbc), transactions, engine.journal(), engine, types, settings);
    }

    void inTransaction(Runnable work) {
        new TransactionTemplate(transactions).executeWithoutResult(status -> work.run());
    }
}
