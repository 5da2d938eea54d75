package io.farandole.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.farandole.messaging.Envelope;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A session that met the journal while it was small does not read all of it once it is large. */
class PlansIT {

    private static final int ROWS = 20_000;

    private JournalDatabase database;
    private HikariDataSource session;
    private Journal journal;
    private JournalEventStorageEngine engine;
    private TransactionTemplate transactions;

    @BeforeEach
    void open() {
        database = JournalDatabase.create("plans");
        database.asAdmin("alter table farandole.journal set (autovacuum_enabled = off)");
        HikariConfig one = new HikariConfig();
        one.setDataSource(database.pool());
        one.setMaximumPoolSize(1);
        session = new HikariDataSource(one);
        journal = new Journal(session, JournalSettings.of("order"));
        engine = JournalEventStorageEngine.builder()
                .journal(journal)
                .serializer(RegistrySerializer.of(Sample.types()))
                .publications(Sample.publications())
                .build();
        transactions = new TransactionTemplate(new DataSourceTransactionManager(session));
    }

    @AfterEach
    void close() {
        session.close();
        database.close();
    }

    @Test
    void nothingScansTheJournalWhateverSizeItHadWhenItWasPlanned() {
        for (int i = 0; i < 12; i++) {
            String name = "early-" + i;
            transactions.executeWithoutResult(unused -> everything(name));
        }
        database.asAdmin(
                "select farandole.append_own('order', ids, nulls, nulls, array_fill(null::bigint, array[" + ROWS
                        + "]), array_fill('order.placed'::text, array[" + ROWS + "]), array_fill(1, array[" + ROWS
                        + "]), array_fill('{}'::text, array[" + ROWS
                        + "]), nulls, ids, nulls, nulls, nulls, nulls, nulls, nulls,"
                        + " array_fill(0::bigint, array[" + ROWS + "]))"
                        + " from (select array_agg('filler-' || n) as ids, array_fill(null::text, array[" + ROWS
                        + "]) as nulls from generate_series(1, " + ROWS + ") n) given");
        for (int i = 0; i < 8; i++) {
            String name = "late-" + i;
            transactions.executeWithoutResult(unused -> {
                long before = touched();
                everything(name);
                assertThat(touched() - before)
                        .as("rows of the journal that were looked at")
                        .isLessThan(60);
            });
        }
    }

    /** Rows that this session has read so far, by scans and by index, as far as it has not reported them yet. */
    private long touched() {
        Long read = new JdbcTemplate(session)
                .queryForObject(
                        "select seq_tup_read + coalesce(idx_tup_fetch, 0) from pg_stat_xact_user_tables"
                                + " where relid = 'farandole.journal'::regclass",
                        Long.class);
        return read == null ? -1 : read;
    }

    private void everything(String name) {
        DomainEventMessage<?> event = Sample.placed(name, 0);
        engine.appendEvents(event);
        List<Envelope> received = IntStream.range(0, 6)
                .mapToObj(i -> Sample.envelope(name + "-" + i, "{}"))
                .toList();
        assertThat(journal.appendReceived(received).appended()).isEqualTo(6);
        assertThat(journal.appendReceived(received).duplicates()).isEqualTo(6);
        assertThat(journal.changedSince(Map.of(name, 0L, "nobody", 0L))).isEmpty();
        assertThat(journal.lastSequence(name)).hasValue(0L);
        assertThat(journal.readAggregate(name, 0, 10)).hasSize(1);
        JdbcTemplate jdbc = new JdbcTemplate(session);
        Long newest = jdbc.queryForObject("select max(position) from farandole.journal", Long.class);
        assertThat(newest).isNotNull();
        assertThat(jdbc.queryForList("select position from farandole.read_journal(?, 10)", Long.class, newest - 5))
                .hasSize(5);
    }
}
