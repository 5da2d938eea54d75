package io.farandole.saga;

import static io.farandole.saga.trip.TripWorld.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.axon.Decision;
import io.farandole.axon.InterventionDecided;
import io.farandole.axon.LeftOutEvent;
import io.farandole.saga.deadline.DeadlinePassed;
import io.farandole.saga.step.StepStatus;
import io.farandole.saga.step.StepView;
import io.farandole.saga.trip.TripMessages.FlightReserved;
import io.farandole.saga.trip.TripMessages.TripBooked;
import io.farandole.saga.trip.TripMessages.TripPaid;
import io.farandole.saga.trip.TripMessages.TripWithdrawn;
import io.farandole.saga.trip.TripSaga;
import io.farandole.saga.trip.TripWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StepLogIT {

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

    @Test
    void isWrittenWithTheSaga() {
        String trip = "steps";
        EventMessage<?> booked = event(trip, new TripBooked(trip, Duration.ofHours(1)));
        world.handle(trips, booked);
        assertThat(statuses(trip)).isEqualTo(Map.of("flight", StepStatus.PENDING, "payment", StepStatus.PENDING));
        assertThat(steps(trip)).allMatch(step -> booked.getIdentifier().equals(step.event()));

        world.handle(trips, event(trip, new FlightReserved(trip, "1A")));
        assertThat(statuses(trip)).isEqualTo(Map.of("flight", StepStatus.SUCCEEDED, "payment", StepStatus.PENDING));

        world.handle(trips, event(trip, new TripWithdrawn(trip)));
        assertThat(statuses(trip)).isEqualTo(Map.of("flight", StepStatus.COMPENSATED, "payment", StepStatus.PENDING));
        assertThat(world.jdbc.queryForList(
                        "select step || ' ' || status from farandole.saga_step where process_key = ? order by number",
                        String.class,
                        trip))
                .containsExactly("flight COMPENSATED", "payment PENDING");
    }

    @Test
    void staysAsItWasWhenTheBatchIsRolledBack() {
        String trip = "rolled-back";
        world.handle(trips, event(trip, new TripBooked(trip, Duration.ofHours(1))));
        List<StepView> before = steps(trip);
        assertThatThrownBy(() -> world.handle(
                        trips,
                        List.of(event(trip, new TripPaid(trip)), event(trip, new FlightReserved(trip, "1A"))),
                        new TripWorld.Meanwhile() {
                            private int handled;

                            @Override
                            public void afterEach(BatchingUnitOfWork<EventMessage<?>> unit) {
                                if (++handled == 2) {
                                    throw new IllegalStateException("after both were handled");
                                }
                            }
                        }))
                .hasMessage("after both were handled");
        assertThat(steps(trip)).isEqualTo(before);
    }

    @Test
    void tellsThatATimeLimitHasPassedAndWhatTheHandlerSaysOfIt() {
        String trip = "too-late";
        world.handle(trips, event(trip, new TripBooked(trip, Duration.ofHours(1))));
        world.handle(trips, event(trip, passed(trip)));
        assertThat(statuses(trip)).isEqualTo(Map.of("flight", StepStatus.PENDING, "payment", StepStatus.FAILED));
        StepView flight = step(trip, "flight");
        assertThat(flight.overdue()).isTrue();
        assertThat(step(trip, "payment").error()).isEqualTo("time-limit");
    }

    @Test
    void goesOnFromWhatAnOlderVersionWithoutLogHasWritten() {
        String trip = "older";
        world.handle(trips, event(trip, new TripBooked(trip, Duration.ofHours(1))));
        world.admin.update("update farandole.saga set steps = '[]' where process_key = ?", trip);
        world.handle(trips, event(trip, new FlightReserved(trip, "1A")));
        assertThat(statuses(trip)).isEqualTo(Map.of("flight", StepStatus.SUCCEEDED));
        assertThat(step(trip, "flight").attempt()).isZero();
    }

    @Test
    void anOlderVersionThatWritesBesideLeavesTheLogAsItIs() {
        String trip = "side-by-side";
        world.handle(trips, event(trip, new TripBooked(trip, Duration.ofHours(1))));
        List<StepView> before = steps(trip);
        world.jdbc.queryForList(
                "select * from farandole.save_sagas('TripSaga', array[?], array[1::bigint], array['{}'], 1, array[false])",
                trip);
        assertThat(steps(trip)).isEqualTo(before);
        world.handle(trips, event(trip, new FlightReserved(trip, "1A")));
        assertThat(statuses(trip)).containsEntry("flight", StepStatus.SUCCEEDED);
    }

    @Test
    void tellsWhatAPersonHadLeftOut() {
        String trip = "left-out";
        world.handle(trips, event(trip, new TripBooked(trip, Duration.ofHours(1))));
        EventMessage<?> reserved = event(trip, new FlightReserved(trip, "1A"));
        decide(Decision.SKIP, trip, reserved, trips::leftOut);
        assertThat(step(trip, "flight").status()).isEqualTo(StepStatus.SKIPPED);
        assertThat(step(trip, "flight").error()).isEqualTo("skip by decision d-" + trip);
        assertThat(step(trip, "flight").event()).isEqualTo(reserved.getIdentifier());
    }

    @Test
    void ofASagaThatNeverBeganNothingIsWritten() {
        String trip = "never-began";
        decide(Decision.DISCARD, trip, event(trip, new TripPaid(trip)), trips::leftOut);
        assertThat(world.sagas.ofProcess(trip)).isEmpty();
        assertThat(trips.canCompensate(trip)).isFalse();
    }

    @Test
    void aPersonHasTheProcessGivenUp() {
        String trip = "given-up";
        world.handle(trips, event(trip, new TripBooked(trip, Duration.ofHours(1))));
        assertThat(trips.canCompensate(trip)).isTrue();
        decide(Decision.COMPENSATE, trip, event(trip, new TripPaid(trip)), trips::compensate);
        assertThat(statuses(trip)).isEqualTo(Map.of("flight", StepStatus.COMPENSATED, "payment", StepStatus.SKIPPED));
        assertThat(world.sagas.ofProcess(trip).get(0).state()).contains("given up by alice");

        world.handle(trips, event(trip, new TripWithdrawn(trip)));
        assertThat(trips.canCompensate(trip)).as("it has ended").isFalse();
    }

    private interface Carried {
        void out(InterventionDecided decided, LeftOutEvent event) throws Exception;
    }

    /** As a retry worker does: in a unit of work whose message is the decision. */
    private static void decide(Decision decision, String trip, EventMessage<?> failed, Carried carried) {
        InterventionDecided decided = new InterventionDecided(
                "d-" + trip,
                null,
                "trips",
                trip,
                decision,
                failed.getIdentifier(),
                failed.getPayloadType().getName(),
                7,
                7,
                "java.lang.IllegalStateException",
                10,
                "alice",
                "tried in vain",
                Instant.now());
        world.handle(trips, List.of(event(trip, decided)), new TripWorld.Meanwhile() {
            @Override
            public void afterEach(BatchingUnitOfWork<EventMessage<?>> unit) throws Exception {
                carried.out(decided, new LeftOutEvent(7, failed.getIdentifier(), decided.eventType(), List.of(failed)));
            }
        });
    }

    private static DeadlinePassed passed(String trip) {
        return world.deadlines.pending(trip).stream()
                .findFirst()
                .map(pending -> new DeadlinePassed(
                        pending.deadlineId(),
                        "TripSaga",
                        trip,
                        pending.deadlineName(),
                        pending.dueAt(),
                        "trip.trip-limit",
                        1,
                        "{\"tripId\":\"" + trip + "\",\"why\":\"time-limit\"}"))
                .orElseThrow();
    }

    private static List<StepView> steps(String trip) {
        return world.sagas.ofProcess(trip).get(0).steps();
    }

    private static StepView step(String trip, String name) {
        return steps(trip).stream()
                .filter(step -> step.step().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, StepStatus> statuses(String trip) {
        return steps(trip).stream().collect(Collectors.toMap(StepView::step, StepView::status));
    }
}
