package io.farandole.audit.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.audit.rebuild.Rebuild.State;
import io.farandole.audit.rebuild.RebuildRequest.Purpose;
import io.farandole.audit.rebuild.Studio.Counted;
import io.farandole.audit.rebuild.Studio.Echoed;
import io.farandole.eventstore.JournalEntry;
import io.farandole.messaging.EventType;
import io.farandole.testservers.Patience;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.ReplayStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Read models that follow the journal with tokens of their own; and handlers that must not be replayed. */
class RebuildIT {

    private static final ReadModel TALLY = model("tally");

    private final Set<ReplayStatus> statuses = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean failing = new AtomicBoolean();

    @SuppressWarnings("NullAway.Init")
    private Studio studio;

    @SuppressWarnings("NullAway.Init")
    private Rebuilds rebuilds;

    private static ReadModel model(String group) {
        return new ReadModel(
                group,
                List.of(
                        ReadModel.Table.ofProcesses("tally", "process_key", "seen_at"),
                        ReadModel.Table.ofProcesses("entry", "process_key")));
    }

    @BeforeEach
    void opens() {
        Map<String, Function<Studio, Object>> handlers = new LinkedHashMap<>();
        handlers.put("tally", Tally::new);
        handlers.put("publisher", Publisher::new);
        handlers.put("commander", Commander::new);
        handlers.put("writer", Writer::new);
        handlers.put("qualified", Qualified::new);
        handlers.put("once", Once::new);
        studio = new Studio(handlers);
        List<ReadModel> models = new ArrayList<>();
        handlers.keySet().forEach(group -> models.add(model(group)));
        rebuilds = studio.rebuilds("one", models);
    }

    @AfterEach
    void closes() {
        studio.close();
    }

    @Test
    void rowsOfAggregatesAreRefusedWhereHandlersHearOthersToo() {
        ReadModel byAggregate =
                new ReadModel("tally", List.of(ReadModel.Table.ofAggregates("tally", "process_key", "seen_at")));
        Rebuilds others = studio.rebuilds("two", List.of(byAggregate));
        assertThatThrownBy(
                        () -> others.start(new RebuildRequest("tally", Purpose.COMPARE, Limit.NONE, 1, "ada", "test")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("process-key");
        assertThatThrownBy(() -> new ReadModel(
                        "tally",
                        List.of(
                                ReadModel.Table.ofAggregates("tally", "process_key"),
                                ReadModel.Table.ofProcesses("entry", "process_key"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aReadModelIsComparedAtItsTokensAndPutRight() {
        count("a", 1, 50);
        count("b", 1, 30);
        awaitTally("a", 1275);
        awaitTally("b", 465);
        assertThat(statuses).containsExactly(ReplayStatus.REGULAR);

        Rebuild compared = ended(start("tally", Purpose.COMPARE, Limit.NONE, 2));
        assertThat(compared.state()).as(compared.sentence()).isEqualTo(State.DONE);
        assertThat(difference(compared).isNone())
                .as("%s", compared.difference())
                .isTrue();
        assertThat(compared.unknownEvents()).isZero();
        assertThat(statuses).containsExactlyInAnyOrder(ReplayStatus.REGULAR, ReplayStatus.REPLAY);

        studio.jdbc.update("delete from app.tally where process_key = 'a'");
        studio.jdbc.update("update app.entry set note = '{\"by\": \"hand\"}' where process_key = 'b' and number < 3");
        studio.jdbc.update("insert into app.tally (process_key, total) values ('c', 1)");
        Rebuild rebuilt = ended(start("tally", Purpose.REBUILD, Limit.NONE, 3));
        assertThat(rebuilt.state()).as(rebuilt.sentence()).isEqualTo(State.DONE);
        assertThat(rebuilt.sentence()).contains("51 missing, 1 too many, 2 different");
        assertThat(difference(ended(start("tally", Purpose.COMPARE, Limit.NONE, 1)))
                        .isNone())
                .isTrue();
        // The live processor goes on with what was put in.
        count("a", 51, 51);
        awaitTally("a", 1326);
    }

    @Test
    void eventsThatComeInMeanwhileAreHandledOnceInThePastAndOnceLive() throws Exception {
        // In batches of five a replay is slower than one that publishes all the time, and would never catch up.
        rebuilds.close();
        rebuilds = studio.rebuilds("two", List.of(TALLY), Studio.inBatchesOf(500));
        AtomicBoolean ending = new AtomicBoolean();
        Thread traffic = new Thread(() -> {
            for (int i = 1; !ending.get(); i++) {
                count("k" + i % 7, i, i);
            }
        });
        traffic.start();
        try {
            for (int i = 0; i < 4; i++) {
                studio.jdbc.update("update app.tally set total = total + 1");
                Rebuild rebuilt = ended(start("tally", Purpose.REBUILD, Limit.NONE, 1 + i % 2));
                assertThat(rebuilt.state()).as(rebuilt.sentence()).isEqualTo(State.DONE);
                Rebuild compared = ended(start("tally", Purpose.COMPARE, Limit.NONE, 1));
                assertThat(difference(compared).isNone())
                        .as("%s", compared.difference())
                        .isTrue();
            }
        } finally {
            ending.set(true);
            traffic.join(10_000);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            publisher | Publisher, handling Counted | publishes the event Echoed, and a replay must not act
            commander | Commander, handling Counted | sends the command String, and a replay must not act
            writer    | Writer, handling Counted    | writes app.other, and a replay must not act
            qualified | Qualified, handling Counted | names the live table app.tally with its schema""")
    void aHandlerThatActsEndsTheReplayByName(String group, String who, String what) {
        count("a", 1, 3);
        Patience.await().until(() -> position(group) >= 3);
        // The publisher's live echoes of the three, whichever group it is that is replayed.
        Patience.await().until(() -> rows("farandole.journal") == 6);
        long journal = rows("farandole.journal");
        long other = rows("app.other");
        Rebuild rebuild = ended(start(group, Purpose.COMPARE, Limit.NONE, 1));
        assertThat(rebuild.state()).isEqualTo(State.FAILED);
        assertThat(rebuild.sentence()).startsWith(who).contains(what);
        assertThat(rows("farandole.journal")).isEqualTo(journal);
        assertThat(rows("app.other")).isEqualTo(other);
        Patience.await().until(() -> copies() == 0);
    }

    @Test
    void aHandlerThatMustNotBeReplayedIsRefusedByName() {
        assertThatThrownBy(() -> start("once", Purpose.COMPARE, Limit.NONE, 1))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("has handlers that must not be replayed: Once.on(Counted)");
    }

    @Test
    void aHandlerThatFailsIsToldWithItsEvent() {
        count("a", 1, 5);
        awaitTally("a", 15);
        failing.set(true);
        Rebuild rebuild = ended(start("tally", Purpose.REBUILD, Limit.NONE, 1));
        assertThat(rebuild.state()).isEqualTo(State.FAILED);
        assertThat(rebuild.sentence())
                .contains("(studio.counted.v1, process a) at position 4 failed with IllegalStateException: four");
        awaitTally("a", 15);
    }

    @Test
    void whileProcessesAreSetAsideTheyAreToldAndNothingIsPutIn() {
        failing.set(true);
        count("a", 4, 4);
        Patience.await().until(() -> studio.parked().find("tally", "a").isPresent());
        count("b", 1, 1);
        awaitTally("b", 1);
        failing.set(false);
        Rebuild compared = ended(start("tally", Purpose.COMPARE, Limit.NONE, 1));
        assertThat(compared.sentence()).contains("1 processes are set aside in it, whose rows lack what waits");
        assertThat(difference(compared).tables().get(0).missing()).isEqualTo(1);
        Rebuild rebuilt = ended(start("tally", Purpose.REBUILD, Limit.NONE, 1));
        assertThat(rebuilt.state()).isEqualTo(State.FAILED);
        assertThat(rebuilt.sentence()).contains("would be handled twice: decide about them first");
    }

    @Test
    void eventsThatNobodyKnowsAnyMoreAreCountedAndThoseOfANewerReleaseAreRefused() {
        count("a", 1, 2);
        append(new EventType("studio.forgotten", 1));
        count("a", 3, 3);
        awaitTally("a", 6);
        Rebuild rebuilt = ended(start("tally", Purpose.REBUILD, Limit.NONE, 1));
        assertThat(rebuilt.state()).as(rebuilt.sentence()).isEqualTo(State.DONE);
        assertThat(rebuilt.sentence()).contains("1 events of types that nobody knows any more were passed over");
        append(new EventType("studio.counted", 2));
        count("a", 4, 4);
        awaitTally("a", 10);
        Rebuild refused = ended(start("tally", Purpose.REBUILD, Limit.NONE, 1));
        assertThat(refused.state()).isEqualTo(State.FAILED);
        assertThat(refused.sentence())
                .contains("is studio.counted in version 2, which this release does not know")
                .contains("rebuild with the release that writes it");
    }

    @Test
    void aTableOfWhichACopyWouldNotTellTheTruthIsRefused() {
        count("a", 1, 1);
        studio.asOwner("alter table app.tally add column id bigint generated always as identity");
        refused("Column tally.id is numbered by a sequence");
        studio.asOwner("alter table app.tally drop column id;"
                + " create function app.nothing() returns trigger language plpgsql as 'begin return new; end';"
                + " create trigger touched before update on app.tally for each row execute function app.nothing()");
        refused("Table tally has the trigger touched");
        studio.asOwner("drop trigger touched on app.tally; alter table app.entry drop constraint entry_pkey");
        refused("Table entry has no primary key");
    }

    /** Sorting all their rows for each batch would be the work of the whole rebuild, as often as there are batches. */
    @Test
    void rowsOfManyProcessesAreReadInTheJournalsOrderAndThoseOfAFewByTheirKeys() {
        count("a", 1, 20);
        studio.jdbc.update(
                "insert into farandole.rebuild_process select -1, 'p' || n from generate_series(1, ?) n", Owners.FEW);
        assertThat(plan(-1)).contains("any");
        studio.jdbc.update("insert into farandole.rebuild_process values (-1, 'a')");
        assertThat(plan(-1)).contains("journal_pkey").doesNotContain("Sort");
        studio.jdbc.update("delete from farandole.rebuild_process where rebuild = -1");
    }

    private String plan(long rebuild) {
        RebuildTable table = new RebuildTable(studio.jdbc);
        List<Object> parameters = new ArrayList<>();
        String condition =
                Owners.of(table, rebuild, new Limit(null, "Order", null, null)).condition("process_key", parameters);
        return condition
                + String.join(
                        "\n",
                        studio.jdbc.queryForList(
                                "explain select * from farandole.journal j where j.position > 0" + condition
                                        + " order by position limit 10",
                                String.class,
                                parameters.toArray()));
    }

    @Test
    void anInstanceGoesOnWhereADeadOneHasStopped() {
        for (int i = 0; i < 20; i++) {
            count("p" + i, 1, 40);
        }
        awaitTally("p19", 820);
        Rebuild begun = start("tally", Purpose.REBUILD, Limit.NONE, 2);
        Patience.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> rebuilds.find(begun.id()).orElseThrow().position() > 0);
        rebuilds.pause(begun.id(), "ada", "to be killed");
        Patience.await().until(() -> rebuilds.find(begun.id()).orElseThrow().holder() == null);
        rebuilds.close();
        // As an instance leaves it that is killed: at work, and never heard of again.
        studio.jdbc.update(
                "update farandole.rebuild set state = 'RUNNING', holder = 'one', seen_at = clock_timestamp()");
        Rebuilds other = studio.rebuilds("two", List.of(TALLY));
        Rebuild ended = Patience.await().until(() -> other.find(begun.id()).orElseThrow(), rebuild -> rebuild.state()
                .isEnded());
        assertThat(ended.state()).as(ended.sentence()).isEqualTo(State.DONE);
        assertThat(difference(ended).isNone()).as("%s", ended.difference()).isTrue();
        assertThat(ended.events()).isLessThanOrEqualTo(800);
    }

    private void refused(String sentence) {
        assertThatThrownBy(() -> start("tally", Purpose.COMPARE, Limit.NONE, 1))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(sentence);
    }

    private void append(EventType type) {
        studio.journal.appendOwn(List.of(JournalEntry.of(
                UUID.randomUUID().toString(), type, "{\"key\":\"a\",\"number\":1}", "a", Instant.now())));
    }

    private void count(String key, int from, int to) {
        studio.publish(IntStream.rangeClosed(from, to)
                .mapToObj(number -> new Counted(key, number))
                .toList());
    }

    private void awaitTally(String key, long total) {
        Patience.await().until(() -> studio.jdbc
                .queryForList("select total from app.tally where process_key = ?", Long.class, key)
                .equals(List.of(total)));
    }

    private Rebuild start(String group, Purpose purpose, Limit limit, int threads) {
        return rebuilds.start(new RebuildRequest(group, purpose, limit, threads, "ada", "test"));
    }

    private Rebuild ended(Rebuild rebuild) {
        return Patience.await()
                .pollInterval(Duration.ofMillis(20))
                .until(() -> rebuilds.find(rebuild.id()).orElseThrow(), found -> found.state()
                        .isEnded());
    }

    private static Difference difference(Rebuild rebuild) {
        assertThat(rebuild.difference()).as(rebuild.sentence()).isNotNull();
        return Objects.requireNonNull(rebuild.difference());
    }

    private long rows(String table) {
        return Objects.requireNonNull(studio.jdbc.queryForObject("select count(*) from " + table, Long.class));
    }

    private long copies() {
        return rows("pg_namespace where nspname like 'farandole\\_copy\\_%'");
    }

    private long position(String processor) {
        Long position = studio.jdbc.queryForObject(
                "select coalesce(max(position), 0) from farandole.token_entry where processor = ?",
                Long.class,
                processor);
        return position == null ? 0 : position;
    }

    /** A read model of two tables. */
    @SuppressWarnings("unused") // Axon calls it
    private final class Tally {

        private final Studio at;

        Tally(Studio at) {
            this.at = at;
        }

        @EventHandler
        void on(Counted event, ReplayStatus status) {
            statuses.add(status);
            if (event.number() == 4 && failing.get()) {
                throw new IllegalStateException("four");
            }
            at.jdbc.update(
                    "insert into tally (process_key, total) values (?, ?)"
                            + " on conflict (process_key) do update set total = tally.total + excluded.total",
                    event.key(),
                    event.number());
            at.jdbc.update(
                    "insert into entry (process_key, number, note) values (?, ?, '{\"by\": \"event\"}')",
                    event.key(),
                    event.number());
        }
    }

    /** Publishes. */
    @SuppressWarnings("unused")
    private static final class Publisher {

        private final Studio at;

        Publisher(Studio at) {
            this.at = at;
        }

        @EventHandler
        void on(Counted event) {
            at.configuration().eventBus().publish(GenericEventMessage.asEventMessage(new Echoed(event.key())));
        }
    }

    /** Commands. */
    @SuppressWarnings("unused")
    private static final class Commander {

        private final Studio at;

        Commander(Studio at) {
            this.at = at;
        }

        @EventHandler
        void on(Counted event) {
            at.configuration().commandBus().dispatch(new GenericCommandMessage<>("do something"));
        }
    }

    /** Writes where it should not. */
    @SuppressWarnings("unused")
    private static final class Writer {

        private final Studio at;

        Writer(Studio at) {
            this.at = at;
        }

        @EventHandler
        void on(Counted event) {
            at.jdbc.update("insert into other (key) values (?)", event.key());
        }
    }

    /** Names the live table. */
    @SuppressWarnings("unused")
    private static final class Qualified {

        private final Studio at;

        Qualified(Studio at) {
            this.at = at;
        }

        @EventHandler
        void on(Counted event) {
            at.jdbc.queryForList("select total from app.tally where process_key = ?", Long.class, event.key());
        }
    }

    /** Must happen once. */
    @SuppressWarnings("unused")
    private static final class Once {

        Once(Studio at) {}

        @EventHandler
        @DisallowReplay
        void on(Counted event) {}
    }
}
