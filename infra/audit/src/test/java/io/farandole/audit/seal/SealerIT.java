package io.farandole.audit.seal;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalEntry;
import io.farandole.testservers.Patience;
import io.farandole.verifier.CheckpointFiles;
import io.farandole.verifier.Range;
import io.farandole.verifier.Report;
import io.farandole.verifier.RowColumn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** How the chain is made: one chain, whoever makes it, and whatever happens meanwhile. */
class SealerIT {

    private Path directory;

    private SealedContext context;

    @BeforeEach
    void opens(@TempDir Path temporary) throws Exception {
        directory = temporary;
        context = new SealedContext(directory);
    }

    @AfterEach
    void closes() {
        context.close();
    }

    @Test
    void sealsInBatches() throws Exception {
        context.append(25);

        SealState state = context.sealer(10).seal();

        assertThat(state.seals()).isEqualTo(3);
        assertThat(state.sealedUpTo()).isEqualTo(25);
        assertThat(state.checkpointedUpTo()).isEqualTo(25);
        assertThat(state.problem()).isNull();
        assertThat(context.verify()).returns(true, Report::intact).returns(25L, Report::rows);
    }

    @Test
    void sealsNothingTwice() throws Exception {
        context.append(5);
        Sealer sealer = context.sealer(10);

        assertThat(sealer.seal().seals()).isEqualTo(1);
        assertThat(sealer.seal().seals()).isEqualTo(1);
        assertThat(context.number("select count(*) from farandole.checkpoint")).isEqualTo(1);
    }

    @Test
    void hasNothingToSealInAnEmptyJournal() throws Exception {
        assertThat(context.sealer(10).seal()).returns(0L, SealState::seals).returns(null, SealState::problem);
    }

    @Test
    void continuesAfterARestart() throws Exception {
        context.append(5);
        context.sealer(10).seal();
        context.append(5);

        SealState state = context.sealer(10).seal();

        assertThat(state.seals()).isEqualTo(2);
        assertThat(context.verify()).returns(true, Report::intact).returns(2, Report::checkpoints);
    }

    @Test
    void coversEachColumnOfTheJournal() throws Exception {
        assertThat(context.text("select string_agg(column_name, ', ' order by ordinal_position) from"
                        + " information_schema.columns where table_schema = 'farandole' and table_name = 'journal'"))
                .as("a column that is added to the journal makes a new form of a stored row")
                .isEqualTo(java.util.Arrays.stream(RowColumn.values())
                        .map(RowColumn::columnName)
                        .collect(java.util.stream.Collectors.joining(", ")));
    }

    @Test
    void doesNotPassWhatMayStillBeCommitted() throws Exception {
        context.append(3);
        Sealer sealer = context.sealer(100);
        try (Connection late = context.database().connectAsAdmin();
                Statement statement = late.createStatement()) {
            late.setAutoCommit(false);
            statement.execute("select farandole.begin_append()");
            statement.execute(
                    "insert into farandole.journal select nextval('farandole.journal_position'), false, 'late',"
                            + " source, aggregate_type, aggregate_id, null, payload_type, payload_version, payload, metadata,"
                            + " process_key, null, null, null, 'a.b.v1', null, null, null, occurred_at from farandole.journal"
                            + " where position = 1");
            context.append(3);

            assertThat(sealer.seal().sealedUpTo()).isLessThanOrEqualTo(3);
            late.commit();
        }

        await().untilAsserted(() -> assertThat(sealer.seal().sealedUpTo()).isEqualTo(7));
        assertThat(context.verify()).returns(true, Report::intact).returns(7L, Report::rows);
    }

    @Test
    void losesNothingWithABatchThatIsRolledBack() throws Exception {
        context.append(30);
        context.asAdmin("create function farandole.fail() returns trigger language plpgsql as $$ begin"
                + " if new.number = 2 then raise exception 'killed'; end if; return new; end $$;"
                + " create trigger fail after insert on farandole.seal for each row execute function farandole.fail()");
        Sealer sealer = context.sealer(10);

        assertThatThrownBy(sealer::seal).isInstanceOf(SQLException.class).hasMessageContaining("killed");
        assertThat(context.number("select max(number) from farandole.seal")).isEqualTo(1);

        context.asAdmin("drop trigger fail on farandole.seal");
        assertThat(sealer.seal().seals()).isEqualTo(3);
        assertThat(context.verify()).returns(true, Report::intact).returns(30L, Report::rows);
    }

    @Test
    void losesNothingWithACheckpointThatIsRolledBack() throws Exception {
        context.append(3);
        context.asAdmin("create function farandole.fail() returns trigger language plpgsql as $$ begin"
                + " raise exception 'killed'; end $$; create trigger fail after insert on farandole.checkpoint"
                + " for each row execute function farandole.fail()");
        Sealer sealer = context.sealer(10);

        assertThatThrownBy(sealer::seal).hasMessageContaining("killed");
        assertThat(new CheckpointFiles(directory, "order").newest()).isEmpty();

        context.asAdmin("drop trigger fail on farandole.checkpoint");
        assertThat(sealer.seal()).returns(1L, SealState::checkpoints).returns(3L, SealState::checkpointedUpTo);
        assertThat(context.verify().intact()).isTrue();
    }

    @Test
    void refusesASealThatDoesNotContinueTheChain() throws Exception {
        context.append(3);
        context.sealer(10).seal();
        for (String previous : List.of("decode(repeat('00', 32), 'hex')", "decode(repeat('11', 32), 'hex')")) {
            assertThatThrownBy(() -> {
                        try (Connection connection = context.database().connectAsApp();
                                Statement statement = connection.createStatement()) {
                            statement.execute("select farandole.append_seal(2, 1, 'order', 3, 4, 1, 4, '\\x01',"
                                    + " decode(repeat('22', 32), 'hex'), decode(repeat('33', 32), 'hex'), " + previous
                                    + ", decode(repeat('44', 32), 'hex'), clock_timestamp())");
                        }
                    })
                    .hasMessageContaining("does not continue the chain");
        }
    }

    @Test
    void keepsOneChainWithTwoSealersUnderTraffic() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        List<Sealer> sealers = List.of(
                context.sealer(7),
                context.sealer(
                        context.journal(), 7, new CheckpointDirectory(directory, "order"), Duration.ofSeconds(10)));
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int seed = i;
            running.add(threads.submit(() -> appendWithRollbacks(new Random(seed), stop)));
        }
        for (Sealer sealer : sealers) {
            running.add(threads.submit(() -> {
                while (!stop.get()) {
                    sealer.seal();
                }
                return null;
            }));
        }
        await().until(() -> context.number("select coalesce(max(number), 0) from farandole.seal") >= 40);
        stop.set(true);
        for (Future<?> each : running) {
            each.get(Patience.SECONDS, TimeUnit.SECONDS);
        }
        threads.shutdown();
        SealState state = sealers.get(0).seal();

        Report report = context.verify();
        assertThat(report.faults()).isEmpty();
        assertThat(report.unsealed()).isZero();
        assertThat(report.rows()).isEqualTo(context.number("select count(*) from farandole.journal"));
        assertThat(report.sealedUpTo()).isEqualTo(state.sealedUpTo());
        assertThat(report.checkpoints()).isGreaterThan(1);
        assertThat(context.number(
                        "select count(*) from generate_series(1, (select max(position) from farandole.journal)) p"
                                + " where not exists (select from farandole.journal j where j.position = p)"))
                .as("gaps, for the traffic to mean something")
                .isPositive();
    }

    private Void appendWithRollbacks(Random random, AtomicBoolean stop) {
        TransactionTemplate transactions = new TransactionTemplate(new DataSourceTransactionManager(context.pool()));
        Journal journal = context.journal();
        while (!stop.get()) {
            transactions.executeWithoutResult(status -> {
                List<JournalEntry> entries = new ArrayList<>();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    entries.add(SealedContext.entry());
                }
                journal.appendOwn(entries);
                if (random.nextInt(4) == 0) {
                    status.setRollbackOnly();
                }
            });
        }
        return null;
    }

    @Test
    void goesOnWithoutItsStoreAndCatchesUp() throws Exception {
        FailingStore store = new FailingStore(new CheckpointDirectory(directory, "order"));
        Sealer sealer = context.sealer(10, store);
        store.failing = true;
        for (int i = 0; i < 3; i++) {
            context.append(2);
            sealer.seal();
        }

        assertThat(sealer.state())
                .returns(6L, SealState::sealedUpTo)
                .returns(3L, SealState::unstored)
                .returns(0L, SealState::checkpointedUpTo)
                .satisfies(state -> assertThat(state.problem()).contains("No space left"));

        store.failing = false;
        sealer.seal();

        assertThat(sealer.state())
                .returns(0L, SealState::unstored)
                .returns(6L, SealState::checkpointedUpTo)
                .returns(null, SealState::problem);
        assertThat(context.verify()).returns(true, Report::intact).returns(3, Report::checkpoints);
        try (var files = Files.walk(directory)) {
            assertThat(files.filter(file -> file.toString().endsWith(".tmp"))).isEmpty();
        }
    }

    @Test
    void saysThatACheckpointIsGoneAndDoesNotMakeItGood() throws Exception {
        Sealer sealer = context.sealer(10);
        context.append(2);
        sealer.seal();
        Path file = new CheckpointFiles(directory, "order").file(1);
        Files.delete(file);

        assertThat(sealer.seal().problem()).contains("Checkpoint 1 was stored");
        assertThat(file).doesNotExist();
    }

    @Test
    void leavesAnotherJournalsCheckpointAlone() throws Exception {
        Path file = new CheckpointFiles(directory, "order").file(1);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "something else");
        context.append(2);

        assertThat(context.sealer(10).seal().problem()).contains("holds another checkpoint");
        assertThat(file).hasContent("something else");
    }

    @Test
    void saysThatTheEndOfTheJournalIsGone() throws Exception {
        Sealer sealer = context.sealer(10);
        context.append(5);
        sealer.seal();
        context.asAdmin("delete from farandole.journal where position > 3");

        assertThat(sealer.seal().problem()).contains("its end was removed");
        assertThat(sealer.seal().seals()).isEqualTo(1);
    }

    @Test
    void sealsWhatWasThereBeforeInTheBackground() throws Exception {
        context.append(500);
        Journal journal = context.journal();
        journal.start();
        Sealer sealer = context.sealer(journal, 50, new CheckpointDirectory(directory, "order"), Duration.ofMillis(50));

        sealer.start();

        await().until(() -> sealer.state().checkpointedUpTo() == 500);
        context.append(20);
        await().until(() -> sealer.state().checkpointedUpTo() == 520);
        sealer.close();
        assertThat(context.verify()).returns(true, Report::intact).returns(520L, Report::rows);
    }

    @Test
    void recoversInTheBackgroundFromAnOutage() throws Exception {
        Journal journal = context.journal();
        journal.start();
        Sealer sealer = context.sealer(journal, 50, null, Duration.ofMillis(50));
        context.asAdmin("alter table farandole.seal rename to seal_away");
        context.append(2);
        sealer.start();
        await().until(() -> sealer.state().problem() != null);

        context.asAdmin("alter table farandole.seal_away rename to seal");

        await().until(() -> sealer.state().problem() == null && sealer.state().sealedUpTo() == 2);
        assertThat(context.verifySeals(Range.ALL).intact()).isTrue();
    }

    @Test
    void hashesWhatPsqlShows() throws Exception {
        context.receive(1);
        context.append(1);
        context.sealer(10).seal();
        // By PostgreSQL's own functions: the header of 19 bytes aside, the form is what COPY writes.
        try (Connection connection = context.database().connectAsApp();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "select encode(substring(row_hashes from 1 for 32), 'hex') from" + " farandole.seal")) {
            result.next();
            assertThat(result.getString(1)).isEqualTo(context.text(HASH_IN_SQL));
        }
    }

    private static final String HASH_IN_SQL =
            """
            select encode(sha256('farandole.row.v1\\012'::bytea || int2send(21::smallint)
              || f(int8send(position)) || f(boolsend(own)) || f(textsend(event_id)) || f(textsend(source))
              || f(textsend(aggregate_type)) || f(textsend(aggregate_id)) || f(int8send(sequence)) || f(textsend(payload_type))
              || f(int4send(payload_version)) || f(textsend(payload)) || f(textsend(metadata)) || f(textsend(process_key))
              || f(textsend(correlation_id)) || f(textsend(causation_id)) || f(textsend(traceparent)) || f(textsend(wire_type))
              || f(textsend(wire_payload)) || f(int8send(source_sequence)) || f(textsend(key_id))
              || f(timestamptz_send(occurred_at)) || f(timestamptz_send(recorded_at))), 'hex')
              from farandole.journal where position = 1"""
                    .replaceAll("f\\((\\w+\\(\\w+\\))\\)", "coalesce(int4send(octet_length($1)) || $1, int4send(-1))");

    /** A store whose disk is full at times. */
    private static final class FailingStore implements CheckpointStore {

        private final CheckpointStore store;
        private volatile boolean failing;

        FailingStore(CheckpointStore store) {
            this.store = store;
        }

        @Override
        public void store(long number, String content) throws IOException {
            if (failing) {
                throw new IOException("No space left on device");
            }
            store.store(number, content);
        }

        @Override
        public OptionalLong newest() throws IOException {
            return store.newest();
        }
    }
}
