package io.farandole.saga.deadline;

import static io.farandole.saga.trip.TripWorld.event;
import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.messaging.Headers;
import io.farandole.saga.KeyedSagaInvoker;
import io.farandole.saga.trip.TripMessages;
import io.farandole.saga.trip.TripMessages.FlightReserved;
import io.farandole.saga.trip.TripMessages.TripBooked;
import io.farandole.saga.trip.TripMessages.TripLimit;
import io.farandole.saga.trip.TripMessages.TripWithdrawn;
import io.farandole.saga.trip.TripSaga;
import io.farandole.saga.trip.TripWorld;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.axonframework.eventhandling.AbstractEventBus;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.SimpleEventBus;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.modelling.command.AggregateScopeDescriptor;
import org.axonframework.modelling.saga.SagaScopeDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JournalDeadlinesIT {

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
    void leavesNothingBehindWhenTheStepIsRolledBack() {
        assertThatThrownBy(() -> world.handle(trips, List.of(booked("t", Duration.ofHours(1))), failing()))
                .hasMessage("at the end of the step");
        assertThat(world.deadlines.pending("t")).isEmpty();
        assertThat(world.count("select count(*) from farandole.scheduled_tasks"))
                .isZero();

        var transaction = world.transactions.startTransaction();
        world.deadlines.schedule(Duration.ofHours(1), "trip-limit", null, scope("t"));
        assertThat(world.deadlines.pending("t")).hasSize(1);
        transaction.rollback();
        assertThat(world.deadlines.pending("t")).isEmpty();
    }

    @Test
    void keepsADeadlineThatARolledBackStepCancelled() {
        world.handle(trips, booked("t", Duration.ofHours(1)));
        assertThatThrownBy(() -> world.handle(trips, List.of(event("t", new TripWithdrawn("t"))), failing()))
                .hasMessage("at the end of the step");
        assertThat(world.deadlines.pending("t")).hasSize(1);
        world.handle(trips, event("t", new TripWithdrawn("t")));
        assertThat(world.deadlines.pending("t")).isEmpty();
    }

    @Test
    void listsWhatIsPending() {
        world.handle(trips, booked("t", Duration.ofHours(2)), booked("u", Duration.ofHours(1)));
        assertThat(world.deadlines.pending("t")).singleElement().satisfies(deadline -> {
            assertThat(deadline.sagaType()).isEqualTo("TripSaga");
            assertThat(deadline.deadlineName()).isEqualTo("trip-limit");
            assertThat(deadline.dueAt())
                    .isBetween(Instant.now().plusSeconds(7000), Instant.now().plusSeconds(7300));
        });
        assertThat(world.deadlines.pending(10))
                .extracting(PendingDeadline::processKey)
                .containsExactly("u", "t");
    }

    @Test
    void passesOnTimeAsAnEventOfTheJournalThatTheSagaHandles() {
        world.deadlines.start();
        Instant due = Instant.now().plusSeconds(2);
        world.handle(trips, booked("t", Duration.ofSeconds(2)));
        await().until(() -> passed() == 1);
        Instant recorded = world.jdbc
                .queryForList(
                        "select recorded_at from farandole.journal where payload_type = 'farandole.deadline-passed'",
                        java.sql.Timestamp.class)
                .get(0)
                .toInstant();
        // Never early; late by the poll interval of 200 ms, and by what a machine under load adds.
        assertThat(recorded).isAfterOrEqualTo(due.minusMillis(1)).isBefore(due.plusSeconds(5));
        assertThat(world.deadlines.pending("t")).isEmpty();

        List<EventMessage<?>> heard = passedEvents();
        assertThat(heard.get(0).getMetaData().get(Headers.PROCESS_KEY)).isEqualTo("t");
        world.handle(trips, heard, new TripWorld.Meanwhile() {});
        assertThat(world.told("t")).containsExactly("trip.trip-abandoned");
        assertThat(world.jdbc.queryForObject(
                        "select payload from farandole.journal where payload_type = 'trip.trip-abandoned'",
                        String.class))
                .contains("time-limit");
        // A second delivery, as after a lost token: the saga has ended.
        world.handle(trips, heard, new TripWorld.Meanwhile() {});
        assertThat(world.told("t")).hasSize(1);
    }

    @Test
    void isNotHeardOfIfItWasCancelledAfterItHadPassed() {
        String id = null;
        for (String how : List.of("id", "scope", "batch", "all")) {
            String trip = "late-" + how;
            world.handle(trips, booked(trip, Duration.ZERO));
            new DeadlineTrigger().passAll();
            assertThat(world.deadlines.pending(trip)).isEmpty();
            List<EventMessage<?>> heard = passedEvents().stream()
                    .filter(e -> trip.equals(e.getMetaData().get(Headers.PROCESS_KEY)))
                    .collect(Collectors.toList());
            id = heard.get(0).getIdentifier();
            switch (how) {
                case "id" -> world.deadlines.cancelSchedule("trip-limit", id);
                case "scope" -> world.deadlines.cancelAllWithinScope("trip-limit", scope(trip));
                case "all" -> world.deadlines.cancelAll("trip-limit");
                default -> {
                    // Cancelled earlier in the very batch that brings it.
                    heard.add(0, event(trip, new FlightReserved(trip, "1A")));
                }
            }
            TripWorld.Meanwhile cancelInBatch = new TripWorld.Meanwhile() {
                @Override
                public void afterEach(BatchingUnitOfWork<EventMessage<?>> unit) {
                    if (how.equals("batch") && unit.isFirstMessage()) {
                        world.deadlines.cancelAllWithinScope("trip-limit", scope(trip));
                    }
                }
            };
            world.handle(trips, heard, cancelInBatch);
            assertThat(world.told(trip)).as(how).isEmpty();
        }
        assertThat(world.deadlines.purge(100)).isZero();
    }

    @Test
    void passesExactlyOnceWhenManyAreDueAndSeveralInstancesWatch() {
        List<EventMessage<?>> batch = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            batch.add(booked("due-" + i, Duration.ofMillis(10)));
        }
        world.handle(trips, batch, new TripWorld.Meanwhile() {});
        try (JournalDeadlines other = world.newDeadlines(DeadlineSettings.DEFAULTS)) {
            world.deadlines.start();
            other.start();
            await().until(() -> passed() == 500);
            await().until(() -> world.count("select count(*) from farandole.scheduled_tasks") == 0);
        }
        assertThat(passed()).isEqualTo(500);
        assertThat(world.count("select count(distinct event_id) from farandole.journal"
                        + " where payload_type = 'farandole.deadline-passed'"))
                .isEqualTo(500);
    }

    @Test
    void passesOnceAlthoughAppendingFailsAtFirst() {
        world.handle(trips, booked("t", Duration.ZERO));
        AtomicInteger attempts = new AtomicInteger();
        AbstractEventBus failingAtFirst = new SimpleEventBus(SimpleEventBus.builder()) {
            @Override
            public void publish(List<? extends EventMessage<?>> events) {
                world.events.publish(events);
                if (attempts.incrementAndGet() <= 3) {
                    throw new IllegalStateException("after the append, before the commit");
                }
            }
        };
        try (JournalDeadlines failing = new JournalDeadlines(
                world.dataSource,
                world.transactions,
                failingAtFirst,
                TripMessages.TYPES,
                world.codec,
                DeadlineSettings.DEFAULTS,
                Clock.systemUTC())) {
            failing.start();
            await().until(() -> passed() == 1);
        }
        assertThat(attempts.get()).isGreaterThan(3);
        assertThat(passed()).isEqualTo(1);
        assertThat(world.count("select count(*) from farandole.scheduled_tasks"))
                .isZero();
    }

    @Test
    void takesOverADeadlineWhoseWorkerDied() {
        world.handle(trips, booked("t", Duration.ZERO));
        world.admin.update("update farandole.scheduled_tasks set picked = true, picked_by = 'dead',"
                + " last_heartbeat = now() - interval '1 minute'");
        try (JournalDeadlines watching = world.newDeadlines(
                new DeadlineSettings(Duration.ofMillis(100), 2, 100, Duration.ofSeconds(1), Duration.ofDays(7)))) {
            watching.start();
            await().until(() -> passed() == 1);
        }
    }

    /** Each takes the other one's executions for long dead, or for still to come: the row decides. */
    @Test
    void instancesWithClocksAnHourApartHaveEachDeadlinePassOnce() {
        DeadlineSettings often =
                new DeadlineSettings(Duration.ofMillis(50), 2, 100, Duration.ofSeconds(1), Duration.ofDays(7));
        int all = 200;
        for (int trip = 0; trip < all; trip++) {
            world.handle(trips, booked("apart-" + trip, trip % 2 == 0 ? Duration.ZERO : Duration.ofMinutes(30)));
        }
        try (JournalDeadlines right = deadlines(often, Clock.systemUTC());
                JournalDeadlines ahead = deadlines(often, Clock.offset(Clock.systemUTC(), Duration.ofHours(1)));
                JournalDeadlines behind = deadlines(often, Clock.offset(Clock.systemUTC(), Duration.ofHours(-1)))) {
            right.start();
            ahead.start();
            behind.start();
            await().until(() -> passed() == all);
            await().during(Duration.ofSeconds(3)).until(() -> passed() == all);
        }
        assertThat(world.count("select count(distinct process_key) from farandole.journal"
                        + " where payload_type = 'farandole.deadline-passed'"))
                .isEqualTo(all);
        assertThat(world.count("select count(*) from farandole.scheduled_tasks"))
                .isZero();
    }

    private JournalDeadlines deadlines(DeadlineSettings settings, Clock clock) {
        return new JournalDeadlines(
                world.dataSource, world.transactions, world.events, TripMessages.TYPES, world.codec, settings, clock);
    }

    @Test
    void refusesWhatItCannotKeep() {
        assertThatThrownBy(() -> world.deadlines.schedule(Duration.ZERO, "d", "text", scope("t")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a registered event");
        assertThatThrownBy(() ->
                        world.deadlines.schedule(Duration.ZERO, "d", null, new AggregateScopeDescriptor("A", "1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("only sagas have deadlines");
        assertThatThrownBy(() -> world.deadlines.registerHandlerInterceptor((unit, chain) -> chain.proceed()))
                .isInstanceOf(UnsupportedOperationException.class);
        world.deadlines.cancelSchedule("d", "never heard of");
    }

    /** Has what is due pass now, without waiting for db-scheduler. */
    private final class DeadlineTrigger {
        void passAll() {
            DeadlineWatch watch = new DeadlineWatch(
                    world.dataSource,
                    new DeadlineStore(world.dataSource),
                    world.transactions,
                    world.events,
                    world.codec,
                    DeadlineSettings.DEFAULTS,
                    Clock.systemUTC());
            world.jdbc
                    .queryForList(
                            "select task_instance from farandole.scheduled_tasks where execution_time <= now()",
                            String.class)
                    .forEach(watch::pass);
        }
    }

    private static EventMessage<?> booked(String trip, Duration limit) {
        return event(trip, new TripBooked(trip, limit));
    }

    private static SagaScopeDescriptor scope(String trip) {
        return new SagaScopeDescriptor("TripSaga", trip);
    }

    private static TripWorld.Meanwhile failing() {
        return new TripWorld.Meanwhile() {
            @Override
            public void beforeEach(BatchingUnitOfWork<EventMessage<?>> unit) {
                unit.onCommit(u -> {
                    throw new IllegalStateException("at the end of the step");
                });
            }
        };
    }

    private long passed() {
        return world.count("select count(*) from farandole.journal where payload_type = 'farandole.deadline-passed'");
    }

    private List<EventMessage<?>> passedEvents() {
        return world
                .jdbc
                .queryForList(
                        "select event_id from farandole.journal where payload_type = 'farandole.deadline-passed'",
                        String.class)
                .stream()
                .map(id -> (EventMessage<?>) world.events.readEvents(id).next())
                .collect(Collectors.toList());
    }

    @Test
    void readsItsPayloadByTheRegistryOnly() {
        DeadlinePassed unknown =
                new DeadlinePassed("id", "TripSaga", "t", "trip-limit", Instant.now(), "no.such-payload", 1, "{}");
        assertThatThrownBy(() -> world.deadlines.messageFor(unknown, java.util.Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not registered any more");
        DeadlinePassed known = new DeadlinePassed(
                "id",
                "TripSaga",
                "t",
                "trip-limit",
                Instant.now(),
                "trip.trip-limit",
                1,
                "{\"tripId\":\"t\",\"why\":\"w\"}");
        assertThat(world.deadlines.messageFor(known, java.util.Map.of()))
                .extracting(Message::getPayload)
                .isEqualTo(new TripLimit("t", "w"));
    }
}
