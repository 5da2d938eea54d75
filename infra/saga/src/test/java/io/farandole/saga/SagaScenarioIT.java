package io.farandole.saga;

import static io.farandole.saga.trip.TripWorld.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.saga.deadline.DeadlinePassed;
import io.farandole.saga.trip.TripMessages.AbandonTrip;
import io.farandole.saga.trip.TripMessages.ConfirmTrip;
import io.farandole.saga.trip.TripMessages.FlightReserved;
import io.farandole.saga.trip.TripMessages.HotelReserved;
import io.farandole.saga.trip.TripMessages.TripBooked;
import io.farandole.saga.trip.TripMessages.TripLimit;
import io.farandole.saga.trip.TripMessages.TripNoted;
import io.farandole.saga.trip.TripMessages.TripPaid;
import io.farandole.saga.trip.TripMessages.TripWithdrawn;
import io.farandole.saga.trip.TripSaga;
import io.farandole.saga.trip.TripWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.axonframework.test.saga.FixtureExecutionResult;
import org.axonframework.test.saga.SagaTestFixture;
import org.axonframework.test.saga.WhenState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same scenarios, with the same saga class, in Axon's fixture and through the keyed invoker over PostgreSQL. */
class SagaScenarioIT {

    private static final Duration LIMIT = Duration.ofMinutes(30);
    private static TripWorld world;
    private static final List<Object> commands = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void open() {
        world = new TripWorld();
        world.commands.registerHandlerInterceptor((unit, chain) -> {
            commands.add(unit.getMessage().getPayload());
            return chain.proceed();
        });
    }

    @AfterAll
    static void close() {
        world.close();
    }

    /** What happens (null: the time limit passes), the commands that follow, and whether the saga is active after it. */
    enum Scenario {
        CONFIRMED(true) {
            @Override
            List<Object> events(String t) {
                return List.of(
                        new TripBooked(t, LIMIT),
                        new FlightReserved(t, "1A"),
                        new HotelReserved(t, 1),
                        new TripPaid(t));
            }

            @Override
            List<Object> commands(String t) {
                return List.of(new ConfirmTrip(t));
            }
        },
        WITHDRAWN(true) {
            @Override
            List<Object> events(String t) {
                return List.of(new TripPaid(t), new TripBooked(t, LIMIT), new TripWithdrawn(t), new TripNoted(t));
            }

            @Override
            List<Object> commands(String t) {
                return List.of(new AbandonTrip(t, "withdrawn"));
            }
        },
        TIMED_OUT(true) {
            @Override
            List<Object> events(String t) {
                return List.of(new TripBooked(t, LIMIT), new FlightReserved(t, "1A"), TIME_LIMIT);
            }

            @Override
            List<Object> commands(String t) {
                return List.of(new AbandonTrip(t, "time-limit"));
            }
        },
        STILL_WAITING(false) {
            @Override
            List<Object> events(String t) {
                return List.of(new HotelReserved(t, 1), new TripBooked(t, LIMIT), new TripPaid(t));
            }
        },
        NEVER_STARTED(true) {
            @Override
            List<Object> events(String t) {
                return List.of(new TripNoted(t), new TripWithdrawn(t));
            }
        };

        static final Object TIME_LIMIT = "the time limit passes";

        final boolean over;

        Scenario(boolean over) {
            this.over = over;
        }

        abstract List<Object> events(String trip);

        List<Object> commands(String trip) {
            return List.of();
        }
    }

    @ParameterizedTest
    @EnumSource(Scenario.class)
    void endsTheSameInAxonsFixture(Scenario scenario) {
        String trip = "t";
        SagaTestFixture<TripSaga> fixture = new SagaTestFixture<>(TripSaga.class);
        List<Object> events = new ArrayList<>(scenario.events(trip));
        WhenState given = fixture.givenNoPriorActivity();
        for (Object event : events.subList(0, events.size() - 1)) {
            given = fixture.givenAPublished(event);
        }
        Object last = events.get(events.size() - 1);
        FixtureExecutionResult result =
                last == Scenario.TIME_LIMIT ? given.whenTimeElapses(LIMIT) : given.whenPublishingA(last);
        result.expectActiveSagas(scenario.over ? 0 : 1);
        List<Object> dispatched = new ArrayList<>();
        fixture.getCommandBus().getDispatchedCommands().forEach(command -> dispatched.add(command.getPayload()));
        // The fixture records what the last event brings; a trip that was over earlier has nothing left.
        assertThat(scenario.commands(trip)).containsAll(dispatched);
        if (last == Scenario.TIME_LIMIT) {
            result.expectTriggeredDeadlines(new TripLimit(trip, "time-limit"));
        }
    }

    @ParameterizedTest
    @EnumSource(Scenario.class)
    void endsTheSameThroughTheKeyedInvoker(Scenario scenario) {
        String trip = "trip-" + scenario;
        KeyedSagaInvoker<TripSaga> trips = world.trips();
        commands.clear();
        for (Object event : scenario.events(trip)) {
            if (event == Scenario.TIME_LIMIT) {
                event = new DeadlinePassed(
                        world.deadlines.pending(trip).get(0).deadlineId(),
                        "TripSaga",
                        trip,
                        "trip-limit",
                        Instant.now(),
                        "trip.trip-limit",
                        1,
                        world.codec.write(new TripLimit(trip, "time-limit")));
            }
            world.handle(trips, event(trip, event));
        }
        assertThat(commands).isEqualTo(scenario.commands(trip));
        assertThat(world.sagas.ofProcess(trip).stream().noneMatch(saga -> saga.endedAt() == null))
                .isEqualTo(scenario.over);
    }
}
