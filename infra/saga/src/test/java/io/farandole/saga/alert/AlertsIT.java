package io.farandole.saga.alert;

import static io.farandole.saga.trip.TripWorld.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.farandole.messaging.JsonCodec;
import io.farandole.saga.KeyedSagaInvoker;
import io.farandole.saga.deadline.DeadlinePassed;
import io.farandole.saga.deadline.PendingDeadline;
import io.farandole.saga.outside.OutsideCallObserver;
import io.farandole.saga.outside.OutsideCallSettings;
import io.farandole.saga.outside.OutsideCalls;
import io.farandole.saga.trip.TripMessages.FlightReserved;
import io.farandole.saga.trip.TripMessages.TripBooked;
import io.farandole.saga.trip.TripSaga;
import io.farandole.saga.trip.TripWorld;
import io.farandole.testservers.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AlertsIT {

    private static final List<String> POSTED = new CopyOnWriteArrayList<>();
    private static final List<String> KEYS = new CopyOnWriteArrayList<>();
    private static final AtomicInteger REFUSE = new AtomicInteger();

    private static TripWorld world;
    private static HttpServer pager;
    private static OutsideCalls calls;
    private static Alerts alerts;

    /** Without a webhook: what it raises leaves no call behind for the next test. */
    private static Alerts quiet;

    private static final List<Alert> HEARD = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void open() throws IOException {
        world = new TripWorld();
        pager = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        pager.createContext("/hook", exchange -> {
            POSTED.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            KEYS.add(String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key")));
            exchange.sendResponseHeaders(REFUSE.getAndDecrement() > 0 ? 503 : 204, -1);
            exchange.close();
        });
        pager.start();
        URI address = URI.create("http://127.0.0.1:" + pager.getAddress().getPort() + "/hook");
        calls = new OutsideCalls(
                world.dataSource,
                world.transactions,
                world.commands,
                world.codec,
                List.of(new Webhook(address, new JsonCodec())),
                OutsideCallSettings.DEFAULTS,
                OutsideCallObserver.NONE);
        alerts = alerts(Duration.ofHours(1));
        quiet = alerts(null);
        var unused = world.commands.subscribe(AlertTold.class.getName(), command -> {
            alerts.told((AlertTold) command.getPayload());
            return null;
        });
        calls.start();
    }

    @AfterAll
    static void close() {
        calls.close();
        pager.stop(0);
        world.close();
    }

    @BeforeEach
    void nothingIsParked() {
        world.admin.update("delete from farandole.parked_process");
        world.admin.update("delete from farandole.alert");
        POSTED.clear();
        KEYS.clear();
        HEARD.clear();
        REFUSE.set(0);
    }

    @Test
    void tellsOnceOfAParkedProcess() {
        park("p/1", "e1");
        REFUSE.set(2);
        assertThat(alerts.raise()).isEqualTo(1);
        assertThat(alerts.raise()).isZero();
        Patience.await().until(() -> told() == 1);
        assertThat(POSTED).hasSize(3);
        assertThat(KEYS).as("under one key each time").allMatch(KEYS.get(0)::equals);
        Alert alert = world.codec.read(POSTED.get(2), Alert.class);
        assertThat(alert.context()).isEqualTo("trip");
        assertThat(alert.kind()).isEqualTo("process-parked");
        assertThat(alert.processKey()).isEqualTo("p/1");
        assertThat(alert.place()).isEqualTo("trips");
        assertThat(alert.detail()).isEqualTo("java.lang.IllegalStateException at TripPaid e1");
        assertThat(HEARD).containsExactly(alert);
        assertThat(POSTED.get(2)).doesNotContain("secret");
    }

    @Test
    void tellsAgainOfAnotherFailureOfTheSameProcess() {
        park("p-2", "e1");
        quiet.raise();
        world.admin.update("update farandole.parked_process set failed_event_id = 'e2', status = 'RETRYING'");
        assertThat(quiet.raise()).as("still retried by itself").isZero();
        world.admin.update("update farandole.parked_process set status = 'PARKED'");
        assertThat(quiet.raise()).isEqualTo(1);
    }

    @Test
    void tellsOfAnOverdueStepUntilItHasEnded() {
        KeyedSagaInvoker<TripSaga> trips = world.trips();
        String trip = "overdue";
        world.handle(trips, event(trip, new TripBooked(trip, Duration.ofHours(1))));
        assertThat(alerts.count().overdue()).isZero();
        PendingDeadline pending = world.deadlines.pending(trip).get(0);
        world.handle(
                trips,
                event(
                        trip,
                        new DeadlinePassed(
                                pending.deadlineId(),
                                "TripSaga",
                                trip,
                                pending.deadlineName(),
                                pending.dueAt(),
                                "trip.trip-limit",
                                1,
                                "{\"tripId\":\"" + trip + "\",\"why\":\"time-limit\"}")));
        assertThat(alerts.count().overdue()).as("the saga has ended by that").isZero();
        assertThat(quiet.raise()).isZero();
    }

    @Test
    void findsAnOpenStepThatIsLate() {
        KeyedSagaInvoker<TripSaga> trips = world.trips();
        String trip = "late";
        world.handle(trips, event(trip, new TripBooked(trip, Duration.ofHours(1))));
        world.admin.update(
                "update farandole.saga set overdue = true, steps = jsonb_set(steps, '{0,overdue}', 'true') where process_key = ?",
                trip);
        assertThat(alerts.count().overdue()).isEqualTo(1);
        assertThat(quiet.raise()).isEqualTo(1);
        assertThat(HEARD).extracting(Alert::detail).containsExactly("step flight, PENDING");
        assertThat(quiet.raise()).isZero();
        world.handle(trips, event(trip, new FlightReserved(trip, "1A")));
        assertThat(alerts.count().overdue()).as("the step has ended").isZero();
    }

    @Test
    void twoInstancesTellOnceBetweenThem() throws Exception {
        for (int i = 0; i < 50; i++) {
            park("many-" + i, "e" + i);
        }
        CyclicBarrier both = new CyclicBarrier(2);
        Callable<Integer> raise = () -> {
            both.await();
            return alerts.raise();
        };
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            int raised = 0;
            for (Future<Integer> each : threads.invokeAll(List.of(raise, raise))) {
                raised += each.get();
            }
            assertThat(raised).isEqualTo(50);
        } finally {
            threads.shutdownNow();
        }
        Patience.await().until(() -> told() == 50);
        assertThat(KEYS).doesNotHaveDuplicates().hasSize(50);
    }

    @Test
    void whatIsNotCommittedIsRaisedLater() {
        park("rolled-back", "e1");
        assertThatThrownBy(() -> world.transactions.executeInTransaction(() -> {
                    quiet.raise();
                    throw new IllegalStateException("the instance dies");
                }))
                .hasMessage("the instance dies");
        assertThat(world.count("select count(*) from farandole.alert")).isZero();
        assertThat(quiet.raise()).isEqualTo(1);
    }

    @Test
    void remembersAnAlertAsLongAsItsCauseIsThere() {
        park("stays", "e1");
        park("goes", "e2");
        alerts.raise();
        Patience.await().until(() -> told() == 2);
        world.admin.update("delete from farandole.parked_process where process_key = 'goes'");
        assertThat(alerts.purge(Duration.ZERO, 100)).isEqualTo(1);
        assertThat(alerts.raise()).isZero();
    }

    @Test
    void aThousandAreRaisedPageByPage() {
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            rows.add(new Object[] {"page-" + i, "e" + i});
        }
        world.admin.batchUpdate(PARK, rows);
        int raised = 0;
        int page;
        do {
            page = quiet.raise();
            assertThat(page).isLessThanOrEqualTo(Alerts.BATCH);
            raised += page;
        } while (page > 0);
        assertThat(raised).isEqualTo(1_000);
    }

    private static final String PARK =
            "insert into farandole.parked_process (processor, process_key, status, attempts, next_attempt_at,"
                    + " failed_position, failed_event_id, failed_event_type, error_class, error_message, stack_trace)"
                    + " values ('trips', ?, 'PARKED', 10, clock_timestamp(), 1, ?, 'TripPaid',"
                    + " 'java.lang.IllegalStateException', 'secret', 'secret')";

    private static void park(String key, String eventId) {
        world.admin.update(PARK, key, eventId);
    }

    private static long told() {
        return world.count("select count(*) from farandole.alert where told_at is not null");
    }

    private static Alerts alerts(@Nullable Duration tellWithin) {
        return new Alerts("trip", world.dataSource, world.transactions, calls, tellWithin, HEARD::add);
    }
}
