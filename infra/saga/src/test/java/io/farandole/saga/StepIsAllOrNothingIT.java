package io.farandole.saga;

import static io.farandole.saga.trip.TripWorld.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.saga.barrier.Barrier;
import io.farandole.saga.outside.Outcome;
import io.farandole.saga.outside.OutsideCall;
import io.farandole.saga.outside.OutsideCallHandler;
import io.farandole.saga.outside.OutsideCallObserver;
import io.farandole.saga.outside.OutsideCallSettings;
import io.farandole.saga.outside.OutsideCalls;
import io.farandole.saga.trip.TripMessages.ConfirmTrip;
import io.farandole.saga.trip.TripMessages.TripLimit;
import io.farandole.saga.trip.TripMessages.TripPaid;
import io.farandole.saga.trip.TripWorld;
import java.time.Duration;
import java.util.List;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A step that fails, wherever it fails, leaves nothing; one that does not leaves everything. */
class StepIsAllOrNothingIT {

    private static TripWorld world;
    private static OutsideCalls calls;
    private static KeyedSagaInvoker<Everything> sagas;

    enum Point {
        BEFORE_THE_COMMAND,
        AFTER_THE_COMMAND,
        AFTER_THE_DEADLINE,
        AFTER_THE_OUTSIDE_CALL,
        AFTER_THE_BARRIER,
        AFTER_THE_HANDLER,
        BEFORE_WRITING,
        AFTER_WRITING,
        BEFORE_THE_COMMIT,
        CONNECTION_LOST_BEFORE_THE_COMMIT
    }

    @BeforeAll
    static void open() {
        world = new TripWorld();
        world.tokens.initializeTokenSegments("steps", 1);
        calls = new OutsideCalls(
                world.dataSource,
                world.transactions,
                world.commands,
                world.codec,
                List.of(new Silent()),
                OutsideCallSettings.DEFAULTS,
                OutsideCallObserver.NONE);
        sagas = world.invoker(Everything.class, SagaObserver.NONE, calls, new Barrier(world.dataSource));
    }

    @AfterAll
    static void close() {
        world.close();
    }

    @ParameterizedTest
    @EnumSource(Point.class)
    void leavesNothingWhereverItFails(Point point) {
        String trip = "fails-" + point;
        Everything.failAt = point;
        assertThatThrownBy(() -> world.handle(sagas, List.of(event(trip, new TripPaid(trip))), new Failing(point)))
                .isNotNull();
        assertThat(traces(trip)).isEqualTo("saga 0, events 0, deadlines 0, calls 0, barrier 0");
        assertThat(world.count("select count(*) from farandole.outside_call where process_key = ?", trip))
                .isZero();

        Everything.failAt = null;
        world.handle(sagas, List.of(event(trip, new TripPaid(trip))), new Failing(null));
        assertThat(traces(trip)).isEqualTo("saga 1, events 1, deadlines 1, calls 1, barrier 1");
    }

    @Test
    void movesTheTokenWithTheStepOnly() {
        String trip = "token";
        Everything.failAt = null;
        assertThatThrownBy(() -> world.handle(
                        sagas, List.of(event(trip, new TripPaid(trip))), new Failing(Point.BEFORE_THE_COMMIT, 41)))
                .isNotNull();
        assertThat(world.transactions.fetchInTransaction(() -> world.tokens.fetchToken("steps", 0)))
                .isNotEqualTo(new GlobalSequenceTrackingToken(41));
        world.handle(sagas, List.of(event(trip, new TripPaid(trip))), new Failing(null, 42));
        assertThat(world.transactions.fetchInTransaction(() -> world.tokens.fetchToken("steps", 0)))
                .isEqualTo(new GlobalSequenceTrackingToken(42));
        assertThat(traces(trip)).isEqualTo("saga 1, events 1, deadlines 1, calls 1, barrier 1");
    }

    private static String traces(String trip) {
        return "saga " + world.count("select count(*) from farandole.saga where process_key = ?", trip)
                + ", events " + world.told(trip).size()
                + ", deadlines " + world.deadlines.pending(trip).size()
                + ", calls " + calls.list(trip).size()
                + ", barrier " + world.count("select count(*) from farandole.barrier where process_key = ?", trip);
    }

    static void failAt(Point point) {
        if (Everything.failAt == point) {
            throw new IllegalStateException("fails " + point);
        }
    }

    private record Failing(@org.jspecify.annotations.Nullable Point point, long token) implements TripWorld.Meanwhile {

        Failing(@org.jspecify.annotations.Nullable Point point) {
            this(point, 0);
        }

        @Override
        public void beforeEach(BatchingUnitOfWork<EventMessage<?>> unit) {
            if (token > 0) {
                world.tokens.fetchToken("steps", 0);
                unit.onPrepareCommit(u -> world.tokens.storeToken(new GlobalSequenceTrackingToken(token), "steps", 0));
            }
            unit.onPrepareCommit(u -> fail(Point.BEFORE_WRITING));
            unit.onCommit(u -> fail(Point.BEFORE_THE_COMMIT));
            unit.onCommit(u -> {
                if (point == Point.CONNECTION_LOST_BEFORE_THE_COMMIT) {
                    world.admin.queryForList(
                            "select pg_terminate_backend(?)",
                            world.jdbc.queryForObject("select pg_backend_pid()", Integer.class));
                }
            });
        }

        @Override
        public void afterEach(BatchingUnitOfWork<EventMessage<?>> unit) {
            fail(Point.AFTER_THE_HANDLER);
            unit.onPrepareCommit(u -> u.onPrepareCommit(v -> fail(Point.AFTER_WRITING)));
        }

        private void fail(Point here) {
            if (here == point) {
                throw new IllegalStateException("fails " + here);
            }
        }
    }

    static class Everything {

        static volatile @org.jspecify.annotations.Nullable Point failAt;

        private int steps;

        @StartSaga
        @SagaEventHandler(associationProperty = "tripId")
        void on(
                TripPaid event,
                CommandGateway commands,
                DeadlineManager deadlines,
                OutsideCalls calls,
                Barrier barrier) {
            steps = steps + 1;
            failAt(Point.BEFORE_THE_COMMAND);
            commands.sendAndWait(new ConfirmTrip(event.tripId()));
            failAt(Point.AFTER_THE_COMMAND);
            deadlines.schedule(Duration.ofHours(1), "trip-limit", new TripLimit(event.tripId(), "later"));
            failAt(Point.AFTER_THE_DEADLINE);
            calls.request(OutsideCall.of("silent", event.tripId(), new Silent.Request(event.tripId(), steps)));
            failAt(Point.AFTER_THE_OUTSIDE_CALL);
            barrier.forward(event.tripId(), "everything");
            failAt(Point.AFTER_THE_BARRIER);
        }
    }

    static final class Silent implements OutsideCallHandler<Silent.Request, String> {

        record Request(String tripId, int step) {}

        @Override
        public String kind() {
            return "silent";
        }

        @Override
        public Class<Request> requestType() {
            return Request.class;
        }

        @Override
        public Class<String> resultType() {
            return String.class;
        }

        @Override
        public Outcome<String> call(Request request, String idempotencyKey) {
            return Outcome.unknown("never started");
        }

        @Override
        public Object command(Request request, String result) {
            return new ConfirmTrip(request.tripId());
        }

        @Override
        public String onTimeLimit(Request request) {
            return "";
        }
    }
}
