package io.farandole.saga.deadline;

import static io.farandole.saga.trip.TripWorld.event;
import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.Headers;
import io.farandole.saga.KeyedSagaInvoker;
import io.farandole.saga.trip.TripMessages.FlightReserved;
import io.farandole.saga.trip.TripMessages.HotelReserved;
import io.farandole.saga.trip.TripMessages.TripBooked;
import io.farandole.saga.trip.TripMessages.TripPaid;
import io.farandole.saga.trip.TripSaga;
import io.farandole.saga.trip.TripWorld;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.axonframework.eventhandling.EventMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A deadline and the event that it waits for come at the same time: whichever is heard first decides, and once. The aggregate throws if it
 * is asked to decide a second time.
 */
class DeadlineRaceIT {

    private static TripWorld world;
    private static KeyedSagaInvoker<TripSaga> trips;

    @BeforeAll
    static void open() {
        world = new TripWorld();
        trips = world.trips();
    }

    @AfterAll
    static void close() {
        world.close();
    }

    @ParameterizedTest
    @CsvSource({
        "event, deadline, true, trip.trip-confirmed",
        "event, deadline, false, trip.trip-confirmed",
        "deadline, event, true, trip.trip-abandoned",
        "deadline, event, false, trip.trip-abandoned"
    })
    void whicheverIsHeardFirstDecidesOnce(String first, String second, boolean inOneBatch, String decided) {
        String trip = first + "-before-" + second + "-" + inOneBatch;
        waiting(trip, Duration.ZERO);
        pass(trip);
        List<EventMessage<?>> both = new ArrayList<>();
        for (String next : List.of(first, second)) {
            both.add(
                    next.equals("event")
                            ? event(trip, new TripPaid(trip))
                            : passed(trip).get(0));
        }
        if (inOneBatch) {
            world.handle(trips, both, new TripWorld.Meanwhile() {});
        } else {
            both.forEach(one -> world.handle(trips, one));
        }
        assertThat(world.told(trip)).containsExactly(decided);
        // Again, as after a lost token.
        world.handle(trips, both, new TripWorld.Meanwhile() {});
        assertThat(world.told(trip)).containsExactly(decided);
        assertThat(world.deadlines.pending(trip)).isEmpty();
    }

    /** The step that cancels and the watch that has it pass meet at the row. */
    @RepeatedTest(12)
    void aDeadlineThatPassesWhileItIsCancelledIsDecidedOnce(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        String trip = "race-" + repetition.getCurrentRepetition();
        try (JournalDeadlines watch = world.newDeadlines(
                new DeadlineSettings(Duration.ofMillis(10), 2, 100, Duration.ofSeconds(5), Duration.ofDays(7)))) {
            watch.start();
            waiting(trip, Duration.ofMillis(60));
            LockSupport.parkNanos(Duration.ofMillis(40 + random.nextInt(60)).toNanos());
            world.handle(trips, event(trip, new TripPaid(trip)));
        }
        assertThat(world.deadlines.pending(trip)).isEmpty();
        passed(trip).forEach(deadline -> world.handle(trips, deadline));
        assertThat(world.told(trip)).containsExactly("trip.trip-confirmed");
    }

    private static void waiting(String trip, Duration limit) {
        world.handle(
                trips,
                event(trip, new TripBooked(trip, limit)),
                event(trip, new FlightReserved(trip, "1A")),
                event(trip, new HotelReserved(trip, 7)));
    }

    /** Has it pass now, without waiting for db-scheduler. */
    private static void pass(String trip) {
        DeadlineWatch watch = new DeadlineWatch(
                world.dataSource,
                new DeadlineStore(world.dataSource),
                world.transactions,
                world.events,
                world.codec,
                DeadlineSettings.DEFAULTS,
                Clock.systemUTC());
        await().until(() -> {
            world.jdbc
                    .queryForList(
                            "select task_instance from farandole.scheduled_tasks where process_key = ?",
                            String.class,
                            trip)
                    .forEach(watch::pass);
            return !passed(trip).isEmpty();
        });
    }

    private static List<EventMessage<?>> passed(String trip) {
        List<EventMessage<?>> events = new ArrayList<>();
        for (String id : world.jdbc.queryForList(
                "select event_id from farandole.journal where payload_type = 'farandole.deadline-passed'"
                        + " and process_key = ?",
                String.class,
                trip)) {
            EventMessage<?> event = world.events.readEvents(id).next();
            assertThat(event.getMetaData().get(Headers.PROCESS_KEY)).isEqualTo(trip);
            events.add(event);
        }
        return events;
    }
}
