package io.farandole.shop.order.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.audit.rebuild.Difference;
import io.farandole.audit.rebuild.Limit;
import io.farandole.audit.rebuild.Rebuild;
import io.farandole.audit.rebuild.Rebuild.State;
import io.farandole.audit.rebuild.RebuildRequest;
import io.farandole.audit.rebuild.RebuildRequest.Purpose;
import io.farandole.audit.rebuild.Rebuilds;
import io.farandole.audit.rebuild.RefusedException;
import io.farandole.shop.kernel.Money;
import io.farandole.shop.order.OrderApplication;
import io.farandole.shop.order.ordering.Line;
import io.farandole.shop.order.ordering.OrderCommand.CancelOrder;
import io.farandole.shop.order.ordering.OrderCommand.CompleteReturn;
import io.farandole.shop.order.ordering.OrderCommand.ConfirmOrder;
import io.farandole.shop.order.ordering.OrderCommand.FulfilOrder;
import io.farandole.shop.order.ordering.OrderCommand.PlaceOrder;
import io.farandole.shop.order.ordering.OrderCommand.WithdrawOrder;
import io.farandole.testkit.Dance;
import io.farandole.testkit.Dancer;
import io.farandole.testkit.RunningContext;
import io.farandole.testservers.Patience;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** The order service's own read model, which JPA writes in the commands' transactions, rebuilt and compared while orders come in. */
class RebuildTrackingIT {

    private static Dance dance;
    private static RunningContext context;
    private static Rebuilds rebuilds;
    private static JdbcTemplate jdbc;

    @BeforeAll
    static void starts() {
        dance = Dance.of(Dancer.of("order", OrderApplication.class)
                .with("farandole.rabbitmq.enabled", "false")
                .with("spring.profiles.active", "dev") // plain-text passwords
                .with("farandole.operations.operators.ada", "{noop}secret")
                .with("management.endpoints.web.exposure.include", "health,rebuild")
                .with("farandole.audit.rebuild.batch", "200")
                .with("farandole.audit.rebuild.lease", "2s")
                .with("farandole.audit.rebuild.examples", "5"));
        context = dance.context("order");
        rebuilds = context.bean(Rebuilds.class);
        jdbc = new JdbcTemplate(context.database().appDataSource());
        // Several batches, even for two threads: else there is no way half.
        IntStream.range(0, 1_200).parallel().forEach(i -> {
            String id = place();
            if (i % 3 == 0) {
                context.send(new CancelOrder(id, "changed my mind"));
            }
        });
    }

    @AfterAll
    static void stops() {
        dance.close();
    }

    @Test
    void aComparisonFindsNothingWhereNothingIsWrongAlsoWhileOrdersComeIn() {
        try (Traffic traffic = new Traffic()) {
            for (int threads = 1; threads <= 4; threads++) {
                Rebuild compared = ended(start(Purpose.COMPARE, Limit.NONE, threads));
                assertThat(compared.state()).as(compared.sentence()).isEqualTo(State.DONE);
                assertThat(difference(compared).isNone())
                        .as(compared.sentence())
                        .isTrue();
                assertThat(compared.sentence()).startsWith("tracking is what the journal makes of it up to position ");
            }
            assertThat(traffic.placed()).isNotEmpty();
        }
        assertThat(copies()).isZero();
    }

    @Test
    void aComparisonNamesRowsThatWereEditedRemovedAndAddedAndARebuildPutsThemRight() {
        String edited = place();
        String removed = place();
        jdbc.update("update app.order_status set status = 'CONFIRMED', total_minor = 1 where order_id = ?", edited);
        jdbc.update("delete from app.order_status where order_id = ?", removed);
        jdbc.update(
                "insert into app.order_status (order_id, customer_id, status, total_minor, currency, lines, placed_at)"
                        + " values ('invented', 'c-9', 'PENDING', 5, 'EUR', '[]', now())");

        Rebuild compared = ended(start(Purpose.COMPARE, Limit.NONE, 1));
        Difference.OfTable table = difference(compared).tables().get(0);
        assertThat(table.table()).isEqualTo("order_status");
        assertThat(List.of(table.missing(), table.extra(), table.different())).containsExactly(1L, 1L, 1L);
        assertThat(table.examples())
                .anySatisfy(row -> {
                    assertThat(row.kind()).isEqualTo(Difference.Kind.DIFFERENT);
                    assertThat(row.key()).containsEntry("order_id", edited);
                    assertThat(row.columns())
                            .containsExactlyInAnyOrder(
                                    new Difference.Column("status", "CONFIRMED", "PENDING"),
                                    new Difference.Column("total_minor", 1, 1980));
                })
                .anySatisfy(row -> {
                    assertThat(row.kind()).isEqualTo(Difference.Kind.MISSING);
                    assertThat(row.key()).containsEntry("order_id", removed);
                })
                .anySatisfy(row -> {
                    assertThat(row.kind()).isEqualTo(Difference.Kind.EXTRA);
                    assertThat(row.key()).containsEntry("order_id", "invented");
                });

        Rebuild one = ended(start(Purpose.REBUILD, new Limit(edited, null, null, null), 1));
        assertThat(one.sentence())
                .contains("(process " + edited + ") was put right")
                .contains("1 different");
        assertThat(difference(ended(start(Purpose.COMPARE, Limit.NONE, 1))).count())
                .isEqualTo(2);

        Rebuild rebuilt = ended(start(Purpose.REBUILD, Limit.NONE, 2));
        assertThat(rebuilt.state()).as(rebuilt.sentence()).isEqualTo(State.DONE);
        assertThat(difference(rebuilt).count()).isEqualTo(2);
        agrees();
        assertThat(copies()).isZero();
    }

    @Test
    void anOrderWhoseReturnIsAProcessOfItsOwnIsRebuiltWhole() {
        String returned = place();
        context.send(new ConfirmOrder(returned));
        context.send(new FulfilOrder(returned));
        context.send(new WithdrawOrder(returned));
        context.send(new CompleteReturn(returned));
        assertThat(jdbc.queryForObject(
                        "select status from app.order_status where order_id = ?", String.class, returned))
                .isEqualTo("RETURNED");
        Rebuild one = ended(start(Purpose.COMPARE, new Limit(returned, null, null, null), 1));
        assertThat(difference(one).isNone()).as(one.sentence()).isTrue();
        for (int threads = 1; threads <= 4; threads++) {
            Rebuild all = ended(start(Purpose.COMPARE, Limit.NONE, threads));
            assertThat(difference(all).isNone()).as(all.sentence()).isTrue();
        }
        jdbc.update("delete from app.order_status where order_id = ?", returned);
        Rebuild rebuilt = ended(start(Purpose.REBUILD, new Limit(returned, null, null, null), 1));
        assertThat(rebuilt.sentence()).contains("1 missing");
        assertThat(jdbc.queryForObject(
                        "select status from app.order_status where order_id = ?", String.class, returned))
                .isEqualTo("RETURNED");
    }

    @Test
    void moreDifferencesThanAreWantedAreCountedAndTheFirstAreTold() {
        jdbc.update("update app.order_status set reason = 'no reason'");
        Difference.OfTable table = difference(ended(start(Purpose.COMPARE, Limit.NONE, 1)))
                .tables()
                .get(0);
        assertThat(table.different()).isGreaterThanOrEqualTo(1_200);
        assertThat(table.examples()).hasSize(5);
        ended(start(Purpose.REBUILD, Limit.NONE, 1));
        agrees();
    }

    @Test
    void readersMissNoOrderAndWritersLoseNoneWhileTheReadModelIsRebuilt() {
        jdbc.update("update app.order_status set reason = 'to be put right' where reason is null");
        try (Traffic traffic = new Traffic()) {
            Patience.await().until(() -> traffic.placed().size() > 20);
            for (int i = 0; i < 3; i++) {
                Rebuild rebuilt = ended(start(Purpose.REBUILD, Limit.NONE, 1 + i));
                assertThat(rebuilt.state()).as(rebuilt.sentence()).isEqualTo(State.DONE);
            }
            traffic.end();
            assertThat(traffic.missed()).isEmpty();
        }
        agrees();
        assertThat(jdbc.queryForObject(
                        "select count(*) from app.order_status where reason = 'to be put right'", Long.class))
                .isZero();
    }

    @Test
    void whatADeadInstanceHasLeftIsGoneOnWithWhereItWas() {
        Rebuild begun = pausedHalfWay(2);
        long half = begun.position();
        assertThat(half).isPositive().isLessThan(begun.head());
        List<Long> positions = positions(begun.id());
        // As an instance leaves it that is killed: at work, and never heard of again.
        jdbc.update(
                "update farandole.rebuild set state = 'RUNNING', holder = 'dead', seen_at = clock_timestamp() where id = ?",
                begun.id());
        Rebuild ended = ended(begun);
        assertThat(ended.state()).as(ended.sentence()).isEqualTo(State.DONE);
        assertThat(positions).allSatisfy(position -> assertThat(position).isPositive());
        assertThat(difference(ended).isNone()).as(ended.sentence()).isTrue();
        // Nothing was handled a second time.
        assertThat(ended.events()).isLessThanOrEqualTo(relevantEvents());
    }

    @Test
    void whatACrashOfTheServerHasEmptiedIsBegunAnew() {
        Rebuild begun = pausedHalfWay(1);
        jdbc.update("delete from farandole.rebuild_position where rebuild = ?", begun.id());
        jdbc.update("delete from farandole_copy_" + begun.id() + ".order_status");
        assertThat(rebuilds.resume(begun.id(), "ada", "the server is back")).isPresent();
        Rebuild ended = ended(begun);
        assertThat(ended.state()).as(ended.sentence()).isEqualTo(State.DONE);
        assertThat(difference(ended).isNone()).as(ended.sentence()).isTrue();
    }

    @Test
    void onePausedWaitsAndOneCancelledLeavesEverythingAsItWas() {
        Rebuild begun = pausedHalfWay(1);
        assertThatThrownBy(() -> start(Purpose.COMPARE, Limit.NONE, 1))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("of tracking has not ended: wait for it, or cancel it");
        assertThatThrownBy(() -> rebuilds.pause(begun.id(), "ada", "again"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("is PAUSED, so there is nothing to pause");
        Rebuild cancelled = rebuilds.cancel(begun.id(), "bob", "not needed").orElseThrow();
        assertThat(cancelled.state()).isEqualTo(State.CANCELLED);
        assertThat(cancelled.sentence()).isEqualTo("Cancelled by bob: not needed");
        Patience.await().until(() -> copies() == 0);
        assertThat(jdbc.queryForList(
                        "select decision || ' ' || decided_by from farandole.rebuild_decision where rebuild = ? order by id",
                        String.class,
                        begun.id()))
                .containsExactly("PAUSE ada", "CANCEL bob");
        assertThat(rebuilds.cancel(999_999, "bob", "none")).isEmpty();
    }

    @Test
    void aLimitIsOfWholeProcesses() {
        String first = place();
        Instant since = Instant.now();
        String second = place();
        context.send(new CancelOrder(first, "late"));
        Rebuild period = ended(start(Purpose.COMPARE, new Limit(null, null, since, null), 1));
        assertThat(period.state()).as(period.sentence()).isEqualTo(State.DONE);
        assertThat(difference(period).tables().get(0).rows()).isEqualTo(2);
        assertThat(difference(period).isNone()).as("%s", period.difference()).isTrue();

        Rebuild ofOrders = ended(start(Purpose.COMPARE, new Limit(null, "Order", null, null), 2));
        assertThat(difference(ofOrders).tables().get(0).rows())
                .isEqualTo(jdbc.queryForObject("select count(*) from app.order_status", Long.class));

        Rebuild unknown = ended(start(Purpose.REBUILD, new Limit("no-such-order", null, null, null), 1));
        assertThat(unknown.state()).isEqualTo(State.FAILED);
        assertThat(unknown.sentence()).startsWith("The journal holds no events of process no-such-order");
        assertThat(second).isNotEmpty();
    }

    @Test
    void aReplayWritesNothingOutsideOfItsCopy() {
        // Sagas and deadlines of the orders before may still be at work; a replay that acts would act each time.
        Patience.await().untilAsserted(() -> {
            List<Long> before = everythingElse();
            ended(start(Purpose.REBUILD, Limit.NONE, 2));
            ended(start(Purpose.COMPARE, Limit.NONE, 1));
            assertThat(everythingElse()).isEqualTo(before);
        });
    }

    @Test
    void operatorsAskForItOverHttp() {
        Http http = new Http(context.port());
        assertThat(http.get("/actuator/rebuild").status()).isEqualTo(401);
        String[] ada = {
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString("ada:secret".getBytes(StandardCharsets.UTF_8))
        };
        assertThat(http.post("/actuator/rebuild", "{\"readModel\":\"tracking\",\"purpose\":\"COMPARE\"}", ada)
                        .text("detail"))
                .startsWith("reason is missing");
        assertThat(http.post(
                                "/actuator/rebuild",
                                "{\"readModel\":\"nothing\",\"purpose\":\"COMPARE\",\"reason\":\"test\"}",
                                ada)
                        .text("detail"))
                .startsWith("There is no read model nothing among [")
                .contains("tracking", ": name the tables");
        Http.Answer started = http.post(
                "/actuator/rebuild",
                "{\"readModel\":\"tracking\",\"purpose\":\"COMPARE\",\"threads\":\"2\",\"reason\":\"test\"}",
                ada);
        assertThat(started.status()).as(started.body()).isEqualTo(200);
        long id = started.json().at("/rebuild/id").asLong();
        assertThat(started.json().at("/rebuild/by").asString()).isEqualTo("ada");
        Patience.await().until(() -> get(http, id, ada)
                .json()
                .at("/rebuild/state")
                .asString()
                .equals("DONE"));
        Http.Answer done = get(http, id, ada);
        assertThat(done.json().at("/rebuild/difference/tables/0/table").asString())
                .isEqualTo("order_status");
        assertThat(get(http, 999_999, ada).status()).isEqualTo(404);
    }

    private static Http.Answer get(Http http, long id, String... headers) {
        return http.send(http.request("/actuator/rebuild/" + id).GET().headers(headers));
    }

    @Test
    void whatIsNoReadModelIsRefused() {
        assertThatThrownBy(() ->
                        rebuilds.start(new RebuildRequest("nothing", Purpose.REBUILD, Limit.NONE, 1, "ada", "test")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("There is no read model nothing among [")
                .hasMessageContaining("tracking");
    }

    private static void agrees() {
        Rebuild compared = ended(start(Purpose.COMPARE, Limit.NONE, 1));
        assertThat(difference(compared).isNone())
                .as("%s %s", compared.sentence(), compared.difference())
                .isTrue();
    }

    private static List<Long> everythingElse() {
        return jdbc
                .query(
                        "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                                + " where n.nspname = 'farandole' and c.relkind = 'r' and c.relname not like 'rebuild%'"
                                + " and c.relname not in ('schema_history', 'token_entry', 'instance', 'relay_position') order by 1",
                        (row, number) -> row.getString(1))
                .stream()
                .map(table -> jdbc.queryForObject("select count(*) from " + table, Long.class))
                .toList();
    }

    private static long relevantEvents() {
        return Objects.requireNonNull(jdbc.queryForObject(
                "select count(*) from farandole.journal where own and aggregate_type = 'Order'", Long.class));
    }

    private static Rebuild pausedHalfWay(int threads) {
        Rebuild begun = start(Purpose.REBUILD, Limit.NONE, threads);
        Patience.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> rebuilds.find(begun.id()).orElseThrow().position() > 0);
        assertThat(rebuilds.pause(begun.id(), "ada", "look at it")).isPresent();
        Patience.await().until(() -> rebuilds.find(begun.id()).orElseThrow().holder() == null);
        return rebuilds.find(begun.id()).orElseThrow();
    }

    private static List<Long> positions(long id) {
        return jdbc.queryForList("select position from farandole.rebuild_position where rebuild = ?", Long.class, id);
    }

    private static Rebuild start(Purpose purpose, Limit limit, int threads) {
        return rebuilds.start(new RebuildRequest("tracking", purpose, limit, threads, "ada", "test"));
    }

    private static Rebuild ended(Rebuild rebuild) {
        return Patience.await()
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> rebuilds.find(rebuild.id()).orElseThrow(),
                        found -> found.state().isEnded() && (found.state() != State.DONE || copies() == 0));
    }

    private static Difference difference(Rebuild rebuild) {
        assertThat(rebuild.difference()).as(rebuild.sentence()).isNotNull();
        return Objects.requireNonNull(rebuild.difference());
    }

    private static long copies() {
        return Objects.requireNonNull(jdbc.queryForObject(
                "select count(*) from pg_namespace where nspname like 'farandole\\_copy\\_%'", Long.class));
    }

    private static String place() {
        String id = UUID.randomUUID().toString();
        context.send(new PlaceOrder(id, "c-1", "tok_ok", List.of(new Line("p-1", 2, new Money(990, "EUR")))));
        return id;
    }

    /** Orders that are placed, confirmed and cancelled, and readers who look for each of them for ever after. */
    private static final class Traffic implements AutoCloseable {

        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final AtomicBoolean ending = new AtomicBoolean();
        private final Queue<String> placed = new ConcurrentLinkedQueue<>();
        private final Queue<String> missed = new ConcurrentLinkedQueue<>();
        private final List<Future<?>> running = new ArrayList<>();

        Traffic() {
            for (int i = 0; i < 3; i++) {
                running.add(threads.submit(this::orders));
            }
            Http http = new Http(context.port());
            for (int i = 0; i < 2; i++) {
                running.add(threads.submit(() -> reads(http)));
            }
        }

        private void orders() {
            for (int i = 0; !ending.get(); i++) {
                String id = place();
                placed.add(id);
                if (i % 2 == 0) {
                    context.send(i % 4 == 0 ? new ConfirmOrder(id) : new CancelOrder(id, "no"));
                }
            }
        }

        private void reads(Http http) {
            while (!ending.get()) {
                for (String id : placed) {
                    if (http.get("/orders/" + id).status() != 200) {
                        missed.add(id);
                    }
                    if (ending.get()) {
                        return;
                    }
                }
            }
        }

        Queue<String> placed() {
            return placed;
        }

        Queue<String> missed() {
            return missed;
        }

        void end() {
            ending.set(true);
            for (Future<?> each : running) {
                assertThat(each).succeedsWithin(Duration.ofSeconds(30));
            }
        }

        @Override
        public void close() {
            end();
            threads.shutdown();
        }
    }
}
