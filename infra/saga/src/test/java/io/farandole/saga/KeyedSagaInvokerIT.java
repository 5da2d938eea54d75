package io.farandole.saga;

import static io.farandole.saga.trip.TripWorld.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.saga.trip.TripMessages.FlightReserved;
import io.farandole.saga.trip.TripMessages.HotelReserved;
import io.farandole.saga.trip.TripMessages.TripBooked;
import io.farandole.saga.trip.TripMessages.TripNoted;
import io.farandole.saga.trip.TripMessages.TripPaid;
import io.farandole.saga.trip.TripMessages.TripWithdrawn;
import io.farandole.saga.trip.TripSaga;
import io.farandole.saga.trip.TripWorld;
import io.farandole.testservers.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.SagaLifecycle;
import org.axonframework.modelling.saga.StartSaga;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KeyedSagaInvokerIT {

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
    void confirmsOnceWhateverTheOrderOfArrival() {
        for (List<Integer> order : permutations(List.of(0, 1, 2, 3))) {
            for (boolean inOneBatch : new boolean[] {true, false}) {
                String trip = "order-" + order.toString().replaceAll("[^0-3]", "") + "-" + inOneBatch;
                List<EventMessage<?>> events = fourEvents(trip);
                List<EventMessage<?>> arriving = new ArrayList<>();
                order.forEach(i -> arriving.add(events.get(i)));
                if (inOneBatch) {
                    world.handle(trips, arriving, new TripWorld.Meanwhile() {});
                } else {
                    arriving.forEach(e -> world.handle(trips, e));
                }
                assertThat(world.told(trip)).as(trip).containsExactly("trip.trip-confirmed");
                assertThat(view(trip).endedAt()).as(trip).isNotNull();
                assertThat(world.deadlines.pending(trip)).as(trip).isEmpty();
            }
        }
    }

    @Test
    void startsOneSagaWhenTwoThreadsStartItAtOnce() throws Exception {
        String trip = "double-start";
        CyclicBarrier bothHaveFoundNone = new CyclicBarrier(2);
        TripWorld.Meanwhile meet = new TripWorld.Meanwhile() {
            @Override
            public void afterPrepare() throws Exception {
                bothHaveFoundNone.await(Patience.SECONDS, TimeUnit.SECONDS);
            }
        };
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> both = List.of(
                    threads.submit(() -> world.handle(trips, List.of(event(trip, new TripPaid(trip))), meet)),
                    threads.submit(
                            () -> world.handle(trips, List.of(event(trip, new FlightReserved(trip, "1A"))), meet)));
            List<Throwable> failures = new ArrayList<>();
            for (Future<?> one : both) {
                try {
                    one.get(Patience.SECONDS, TimeUnit.SECONDS);
                } catch (java.util.concurrent.ExecutionException e) {
                    failures.add(e.getCause());
                }
            }
            assertThat(failures).hasSize(1);
            assertThat(failures.get(0))
                    .isInstanceOf(SagaConflictException.class)
                    .hasMessageContaining("TripSaga")
                    .hasMessageContaining(trip);
        } finally {
            threads.shutdownNow();
        }
        assertThat(world.count("select count(*) from farandole.saga where process_key = ?", trip))
                .isEqualTo(1);
    }

    @Test
    void ignoresAStartThatComesAfterTheEnd() {
        String trip = "late-start";
        RecordingObserver observer = new RecordingObserver();
        KeyedSagaInvoker<TripSaga> invoker = world.invoker(TripSaga.class, observer);
        world.handle(invoker, event(trip, new TripPaid(trip)));
        world.handle(invoker, event(trip, new TripWithdrawn(trip)));
        KeyedSagaStore.View ended = view(trip);

        world.handle(invoker, event(trip, new TripBooked(trip, Duration.ofHours(1))));
        world.handle(invoker, fourEvents(trip), new TripWorld.Meanwhile() {});

        assertThat(view(trip)).isEqualTo(ended);
        assertThat(world.told(trip)).containsExactly("trip.trip-abandoned");
        assertThat(world.deadlines.pending(trip)).isEmpty();
        assertThat(observer.heard)
                .containsExactly("started", "handled", "handled", "ended", "late", "late", "late", "late", "late");
    }

    @Test
    void ignoresTheRestOfABatchAfterTheSagaHasEndedInIt() {
        String trip = "ends-in-batch";
        List<EventMessage<?>> batch = new ArrayList<>(fourEvents(trip));
        batch.addAll(fourEvents(trip));
        world.handle(trips, batch, new TripWorld.Meanwhile() {});
        assertThat(world.told(trip)).containsExactly("trip.trip-confirmed");
        assertThat(view(trip).version()).isEqualTo(1);
    }

    @Test
    void ignoresAnEventThatStartsNothing() {
        RecordingObserver observer = new RecordingObserver();
        world.handle(world.invoker(TripSaga.class, observer), event("unknown", new TripNoted("unknown")));
        assertThat(world.sagas.ofProcess("unknown")).isEmpty();
        assertThat(observer.heard).containsExactly("unknown");
    }

    @Test
    void neverUpdatesBlindly() {
        String trip = "blind";
        world.handle(trips, event(trip, new TripPaid(trip)));
        TripWorld.Meanwhile somebodyElse = new TripWorld.Meanwhile() {
            @Override
            public void afterPrepare() {
                world.admin.update("update farandole.saga set version = version + 1 where process_key = ?", trip);
            }
        };
        assertThatThrownBy(
                        () -> world.handle(trips, List.of(event(trip, new FlightReserved(trip, "1A"))), somebodyElse))
                .isInstanceOf(SagaConflictException.class)
                .hasMessageContaining("TripSaga of process blind is no longer at version 1");

        TripWorld.Meanwhile gone = new TripWorld.Meanwhile() {
            @Override
            public void afterPrepare() {
                world.admin.update("delete from farandole.saga where process_key = ?", trip);
            }
        };
        assertThatThrownBy(() -> world.handle(trips, List.of(event(trip, new FlightReserved(trip, "1A"))), gone))
                .isInstanceOf(SagaConflictException.class)
                .hasMessageContaining("no longer at version 2");
        assertThat(world.sagas.ofProcess(trip)).isEmpty();
    }

    @Test
    void refusesAnEventWhoseHeaderAndAssociationDisagree() {
        assertThatThrownBy(() -> world.handle(trips, event("header", new TripPaid("payload"))))
                .isInstanceOf(SagaKeyMismatchException.class)
                .hasMessageContaining("belongs to process header")
                .hasMessageContaining("tripId = payload");
        assertThat(world.sagas.ofProcess("header")).isEmpty();
    }

    @Test
    void routesAnEventToTheOneSegmentThatOwnsItsKey() {
        Segment[] halves = Segment.splitBalanced(Segment.ROOT_SEGMENT, 3).toArray(Segment[]::new);
        for (int i = 0; i < 200; i++) {
            EventMessage<?> event = event("trip-" + i, new TripPaid("trip-" + i));
            int owners = 0;
            for (Segment segment : halves) {
                owners += trips.canHandle(event, segment) ? 1 : 0;
            }
            assertThat(owners).isEqualTo(1);
        }
        assertThat(trips.canHandle(event("x", "no handler for text"), Segment.ROOT_SEGMENT))
                .isFalse();
        assertThat(trips.canHandleType(String.class)).isFalse();
        assertThat(trips.supportsReset()).isFalse();
    }

    @Test
    void throwsOnWhatAHandlerThrows() {
        String trip = "refused-1";
        world.handle(trips, event(trip, new TripPaid(trip)));
        assertThatThrownBy(() -> world.handle(trips, event(trip, new TripWithdrawn(trip))))
                .hasMessageContaining("decided already");
        assertThat(view(trip).endedAt()).isNull();
    }

    @Test
    void refusesAnAssociationBeyondTheProcessKey() {
        KeyedSagaInvoker<Straying> straying = world.invoker(Straying.class, SagaObserver.NONE);
        assertThatThrownBy(() -> world.handle(straying, event("straying", new TripPaid("straying"))))
                .isInstanceOf(SagaKeyMismatchException.class)
                .hasMessageContaining("paymentId = p-1");
        assertThat(world.sagas.ofProcess("straying")).isEmpty();
    }

    @Test
    void loadsAndWritesTheSagasOfABatchTogether() {
        List<EventMessage<?>> batch = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            batch.add(event("many-" + i, new TripPaid("many-" + i)));
        }
        CountingDataSource counting = new CountingDataSource(world.dataSource);
        KeyedSagaInvoker<Quiet> quiet = KeyedSagaInvoker.builder(Quiet.class, new KeyedSagaStore(counting), world.codec)
                .build();
        for (int round = 1; round <= 2; round++) {
            counting.statements.clear();
            world.handle(quiet, batch, new TripWorld.Meanwhile() {});
            assertThat(counting.statements).hasSize(2);
            assertThat(counting.statements.get(0)).contains("load_sagas");
            assertThat(counting.statements.get(1)).contains("save_sagas");
        }
        assertThat(world.count("select count(*) from farandole.saga where saga_type = 'Quiet' and version = 2"))
                .isEqualTo(64);
    }

    @Test
    void forgetsEndedSagasAfterTheirRetentionOnly() {
        String trip = "purge";
        world.handle(trips, event(trip, new TripPaid(trip)));
        world.handle(trips, event(trip, new TripWithdrawn(trip)));
        world.handle(trips, event("purge-active", new TripPaid("purge-active")));
        world.sagas.purge(1000);
        assertThat(world.sagas.ofProcess(trip)).hasSize(1);
        world.admin.update("update farandole.saga set ended_at = ended_at - interval '8 days',"
                + " started_at = started_at - interval '8 days' where process_key in ('purge', 'purge-active')");
        assertThat(world.sagas.purge(1000)).isEqualTo(1);
        assertThat(world.sagas.ofProcess(trip)).isEmpty();
        assertThat(world.sagas.ofProcess("purge-active")).hasSize(1);
    }

    private static List<EventMessage<?>> fourEvents(String trip) {
        return List.of(
                event(trip, new TripBooked(trip, Duration.ofHours(1))),
                event(trip, new FlightReserved(trip, "1A")),
                event(trip, new HotelReserved(trip, 7)),
                event(trip, new TripPaid(trip)));
    }

    private static KeyedSagaStore.View view(String trip) {
        List<KeyedSagaStore.View> found = world.sagas.ofProcess(trip);
        assertThat(found).as(trip).hasSize(1);
        return found.get(0);
    }

    private static List<List<Integer>> permutations(List<Integer> items) {
        if (items.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Integer>> all = new ArrayList<>();
        for (Integer first : items) {
            List<Integer> rest = new ArrayList<>(items);
            rest.remove(first);
            for (List<Integer> tail : permutations(rest)) {
                List<Integer> one = new ArrayList<>(List.of(first));
                one.addAll(tail);
                all.add(one);
            }
        }
        return all;
    }

    static class Quiet {
        private String last = "";

        @StartSaga
        @SagaEventHandler(associationProperty = "tripId")
        void on(TripPaid event) {
            last = last + event.tripId();
        }
    }

    static class Straying {
        @StartSaga
        @SagaEventHandler(associationProperty = "tripId")
        void on(TripPaid event) {
            SagaLifecycle.associateWith("orderId", "straying");
            SagaLifecycle.associateWith("paymentId", "p-1");
        }
    }

    static final class RecordingObserver implements SagaObserver {
        final List<String> heard = new ArrayList<>();

        @Override
        public void started(String sagaType) {
            heard.add("started");
        }

        @Override
        public void handled(String sagaType) {
            heard.add("handled");
        }

        @Override
        public void ended(String sagaType) {
            heard.add("ended");
        }

        @Override
        public void ignoredAsEnded(String sagaType) {
            heard.add("late");
        }

        @Override
        public void ignoredAsUnknown(String sagaType) {
            heard.add("unknown");
        }

        @Override
        public void ignoredAsCancelled(String sagaType) {
            heard.add("cancelled");
        }
    }
}
