package io.farandole.saga;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.axon.FarandoleModule;
import io.farandole.axon.ParkedProcess;
import io.farandole.axon.ProcessorSettings;
import io.farandole.axon.RetryPolicy;
import io.farandole.eventstore.JournalInbox;
import io.farandole.messaging.Envelope;
import io.farandole.saga.trip.TripAggregate;
import io.farandole.saga.trip.TripMessages;
import io.farandole.saga.trip.TripMessages.FlightReserved;
import io.farandole.saga.trip.TripMessages.HotelReserved;
import io.farandole.saga.trip.TripMessages.TripBooked;
import io.farandole.saga.trip.TripMessages.TripPaid;
import io.farandole.saga.trip.TripMessages.TripWithdrawn;
import io.farandole.saga.trip.TripSaga;
import io.farandole.saga.trip.TripWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.EventProcessor;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.messaging.annotation.ClasspathParameterResolverFactory;
import org.axonframework.messaging.annotation.MultiParameterResolverFactory;
import org.axonframework.messaging.annotation.SimpleResourceParameterResolverFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sagas on the journal, in the parking processor: from the append to the commands, deadlines and failures included. */
class SagaOnTheJournalIT {

    private TripWorld world;
    private Configuration configuration;
    private FarandoleModule module;
    private EventProcessor processor;
    private long sequence;

    @BeforeEach
    void open() {
        world = new TripWorld();
        module = FarandoleModule.builder(world.dataSource, world.transactions)
                .settings(
                        "trips",
                        ProcessorSettings.DEFAULTS.withRetry(
                                RetryPolicy.of("2 attempts, first wait 50 ms, doubled up to 100 ms")))
                .build();
        Configurer configurer = DefaultConfigurer.defaultConfiguration(false)
                .configureSerializer(c -> world.serializer)
                .configureEventSerializer(c -> world.serializer)
                .configureMessageSerializer(c -> world.serializer)
                .configureEventStore(c -> world.events)
                .registerComponent(EventStorageEngine.class, c -> world.engine)
                .configureAggregate(TripAggregate.class);
        configurer.eventProcessing().registerTokenStore(c -> world.tokens);
        module.configurePlain(configurer);
        configuration = configurer.buildConfiguration();
        processor = module.processor("trips", configuration, trips(configuration));
        configuration.start();
        processor.start();
        world.deadlines.start();
    }

    private KeyedSagaInvoker<TripSaga> trips(Configuration c) {
        return KeyedSagaInvoker.builder(TripSaga.class, world.sagas, world.codec)
                .deadlines(world.deadlines)
                .parameters(MultiParameterResolverFactory.ordered(
                        ClasspathParameterResolverFactory.forClass(TripSaga.class),
                        new SimpleResourceParameterResolverFactory(
                                List.of(c.getComponent(CommandGateway.class), world.deadlines))))
                .build();
    }

    @AfterEach
    void close() {
        processor.shutDown();
        configuration.shutdown();
        world.close();
    }

    @Test
    void confirmsManyTripsWhoseEventsComeMixed() {
        List<Envelope> events = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String trip = "trip-" + i;
            events.add(heard(trip, new TripBooked(trip, Duration.ofMinutes(10))));
            events.add(heard(trip, new FlightReserved(trip, "1A")));
            events.add(heard(trip, new HotelReserved(trip, i)));
            events.add(heard(trip, new TripPaid(trip)));
        }
        Collections.shuffle(events, new Random(11));
        for (int from = 0; from < events.size(); from += 40) {
            receive(events.subList(from, from + 40));
        }
        await().until(() ->
                world.count("select count(*) from farandole.journal where payload_type = 'trip.trip-confirmed'")
                        == 100);
        await().until(() -> world.count("select count(*) from farandole.saga where ended_at is not null") == 100);
        assertThat(world.deadlines.pending(10)).isEmpty();
        assertThat(world.count("select count(*) from farandole.journal where payload_type = 'trip.trip-confirmed'"
                        + " and process_key = aggregate_id"))
                .isEqualTo(100);
    }

    @Test
    void abandonsATripWhoseTimeLimitPasses() {
        publish("t", new TripBooked("t", Duration.ofMillis(500)));
        await().until(() -> world.told("t").equals(List.of("trip.trip-abandoned")));
        await().until(() -> world.sagas.ofProcess("t").get(0).endedAt() != null);
        assertThat(world.count(
                        "select count(*) from farandole.journal where payload_type = 'farandole.deadline-passed'"))
                .isEqualTo(1);
    }

    @Test
    void setsAsideTheProcessWhoseHeaderAndAssociationDisagreeAndNoOther() {
        publish("header", new TripPaid("payload"));
        publish("fine", new TripPaid("fine"));
        publish("fine", new TripWithdrawn("fine"));
        await().until(() -> world.told("fine").equals(List.of("trip.trip-abandoned")));
        await().until(() -> parked("header").isPresent());
        await().until(() -> parked("header").orElseThrow().status() == ParkedProcess.Status.PARKED);
        assertThat(parked("header").orElseThrow().toString()).contains("header");
    }

    private Optional<ParkedProcess> parked(String key) {
        return module.parkedProcesses().find("trips", key);
    }

    private void publish(String processKey, Object payload) {
        receive(List.of(heard(processKey, payload)));
    }

    private void receive(List<Envelope> batch) {
        assertThat(new JournalInbox(world.journal).append(batch).appended()).isEqualTo(batch.size());
    }

    /** As another context sends it. */
    private Envelope heard(String processKey, Object payload) {
        String id = UUID.randomUUID().toString();
        return new Envelope(
                id,
                "agency",
                TripMessages.TYPES.typeOf(payload.getClass()),
                null,
                Instant.now(),
                processKey,
                ++sequence,
                id,
                null,
                null,
                null,
                world.codec.write(payload));
    }
}
