package io.farandole.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.farandole.messaging.Envelope;
import io.farandole.messaging.Inbox;
import io.farandole.testservers.PostgresProxy;
import io.farandole.testservers.PostgresProxy.CommitFault;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a listener gives the journal, where the answer to the commit never comes: it gives the same batch again. */
class LostAppendIT {

    private final JournalDatabase database = JournalDatabase.create("lost_append", 2);
    private final PostgresProxy proxy = PostgresProxy.to(database.database().server());
    private HikariDataSource pool;
    private JournalInbox inbox;

    @BeforeEach
    void open() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(proxy.url(database.database()) + "?socketTimeout=2");
        config.setUsername(database.database().appUser());
        config.setPassword(database.database().appPassword());
        config.setMaximumPoolSize(3);
        pool = new HikariDataSource(config);
        inbox = new JournalInbox(new Journal(pool, JournalSettings.of("order")));
    }

    @AfterEach
    void close() {
        pool.close();
        proxy.close();
        database.close();
    }

    @ParameterizedTest
    @EnumSource(CommitFault.class)
    void aBatchThatIsGivenAgainLeavesNoSecondRow(CommitFault fault) {
        List<Envelope> batch = IntStream.range(0, 20)
                .mapToObj(i -> Sample.envelope("e-" + i, "{\"n\":" + i + "}"))
                .toList();
        assertThat(inbox.append(batch.subList(0, 5)).appended()).isEqualTo(5);
        proxy.onCommitAfter("farandole.append_received_at", fault);

        assertThatThrownBy(() -> inbox.append(batch));
        assertThat(proxy.struck()).isEqualTo(1);
        Inbox.Receipt again = inbox.append(batch);

        assertThat(again.appended()).isEqualTo(fault == CommitFault.NEVER_ARRIVES ? 15 : 0);
        assertThat(again.appended() + again.duplicates()).isEqualTo(20);
        assertThat(again.conflicts()).isEmpty();
        assertThat(database.number("select count(*) from farandole.journal")).isEqualTo(20);
        assertThat(database.number("select count(distinct event_id) from farandole.journal"))
                .isEqualTo(20);
    }
}
