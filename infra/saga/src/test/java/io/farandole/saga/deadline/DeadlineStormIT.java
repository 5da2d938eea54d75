package io.farandole.saga.deadline;

import static io.farandole.saga.trip.TripWorld.event;
import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.saga.KeyedSagaInvoker;
import io.farandole.saga.trip.TripMessages.FlightReserved;
import io.farandole.saga.trip.TripMessages.TripBooked;
import io.farandole.saga.trip.TripSaga;
import io.farandole.saga.trip.TripWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.saga.SagaScopeDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** As after an outage: very many deadlines are due at once, and life goes on. Two instances watch. */
class DeadlineStormIT {

    private static final Duration BOUND = Duration.ofSeconds(5);
    private static final int SCHEDULED_TOGETHER = 1_000;
    private static final long BETWEEN_STEPS = Duration.ofMillis(25).toNanos();

    private TripWorld world;
    private KeyedSagaInvoker<TripSaga> trips;

    @BeforeEach
    void open() {
        world = new TripWorld();
        trips = world.trips();
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void tenThousandDeadlinesThatAreDueAtOnceHoldUpNobody() {
        storm(10_000, Duration.ofMinutes(2));
    }

    @Test
    @Tag("slow")
    void aHundredThousandDeadlinesThatAreDueAtOnceHoldUpNobody() {
        storm(100_000, Duration.ofMinutes(15));
    }

    private void storm(int deadlines, Duration patience) {
        schedule(deadlines);
        List<String> others = new ArrayList<>();
        Duration slowest = Duration.ZERO;
        Instant over;
        try (JournalDeadlines second = world.newDeadlines(DeadlineSettings.DEFAULTS)) {
            world.deadlines.start();
            second.start();
            Instant end = Instant.now().plus(patience);
            while (left() > 0) {
                assertThat(Instant.now()).as("deadlines have passed").isBefore(end);
                String trip = "other-" + others.size();
                others.add(trip);
                long start = System.nanoTime();
                // A new deadline, and an event for a saga that has one already.
                world.handle(trips, event(trip, new TripBooked(trip, Duration.ofMillis(100))));
                world.handle(trips, event(trip, new FlightReserved(trip, "1A")));
                Duration took = Duration.ofNanos(System.nanoTime() - start);
                slowest = took.compareTo(slowest) > 0 ? took : slowest;
                LockSupport.parkNanos(BETWEEN_STEPS);
            }
            over = Instant.now();
            await().atMost(Duration.ofSeconds(30)).until(() -> passed() == deadlines + others.size());
        }
        assertThat(slowest).as("slowest step meanwhile, of " + others.size()).isLessThan(BOUND);
        // Whoever is due later passes later, and so behind the storm; but then at once.
        assertThat(lastPassed()).isBefore(over.plus(BOUND));
        assertThat(world.count("select count(distinct aggregate_id) from farandole.journal"
                        + " where payload_type = 'farandole.deadline-passed'"))
                .as("each passed once")
                .isEqualTo(deadlines + others.size());
        assertThat(world.count("select count(*) from farandole.scheduled_tasks"))
                .isZero();
        assertThat(world.count("select max(n) from (select count(*) as n from farandole.journal"
                        + " where payload_type = 'farandole.deadline-passed' group by xmin::text) together"))
                .as("in memory and in a transaction at once")
                .isLessThanOrEqualTo(DeadlineSettings.DEFAULTS.batchSize());
    }

    private void schedule(int deadlines) {
        Instant due = Instant.now();
        for (int first = 0; first < deadlines; first += SCHEDULED_TOGETHER) {
            int from = first;
            UnitOfWork<EventMessage<?>> unit = DefaultUnitOfWork.startAndGet(null);
            unit.attachTransaction(world.transactions);
            unit.execute(() -> {
                for (int i = from; i < Math.min(deadlines, from + SCHEDULED_TOGETHER); i++) {
                    world.deadlines.schedule(
                            due, "trip-limit", null, new SagaScopeDescriptor("TripSaga", "storm-" + i));
                }
            });
        }
        assertThat(left()).isEqualTo(deadlines);
    }

    private long left() {
        return world.count("select count(*) from farandole.scheduled_tasks where process_key like 'storm-%'");
    }

    private long passed() {
        return world.count("select count(*) from farandole.journal where payload_type = 'farandole.deadline-passed'");
    }

    private Instant lastPassed() {
        java.sql.Timestamp last = world.admin.queryForObject(
                "select max(passed_at) from farandole.passed_deadline", java.sql.Timestamp.class);
        return last == null ? Instant.MAX : last.toInstant();
    }
}
