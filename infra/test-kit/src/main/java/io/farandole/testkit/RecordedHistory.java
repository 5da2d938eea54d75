package io.farandole.testkit;

import io.farandole.audit.recording.ProcessRecording;
import io.farandole.audit.recording.RecordedAggregate;
import io.farandole.audit.recording.RecordedSaga;
import io.farandole.audit.state.AggregateFold;
import io.farandole.audit.state.AggregateTypes;
import io.farandole.audit.whatif.ReplayedProcess;
import io.farandole.audit.whatif.SagaVersion;
import io.farandole.audit.whatif.WhatIf;
import io.farandole.axon.InterventionDecided;
import io.farandole.eventstore.JournalMessages;
import io.farandole.eventstore.JournalRow;
import io.farandole.eventstore.RegistrySerializer;
import io.farandole.messaging.EventTypes;
import io.farandole.saga.deadline.DeadlinePassed;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.serialization.UnknownSerializedType;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.NoOpEventUpcaster;
import tools.jackson.databind.JsonNode;

/**
 * A process that really happened, as a unit test: recorded with {@code infra/farandole record}, and run against the sagas and aggregates of
 * today, which must do what they did then. No server is needed. Immutable.
 */
public final class RecordedHistory {

    private final ProcessRecording recording;
    private final List<EventTypes> types;
    private final EventUpcaster upcasters;

    private RecordedHistory(ProcessRecording recording, List<EventTypes> types, EventUpcaster upcasters) {
        this.recording = recording;
        this.types = types;
        this.upcasters = upcasters;
    }

    /**
     * Reads a recording.
     *
     * @throws io.farandole.audit.recording.DamagedRecordingException if it is not whole, or none
     */
    public static RecordedHistory read(Path file) {
        try {
            return new RecordedHistory(ProcessRecording.read(file), List.of(), NoOpEventUpcaster.INSTANCE);
        } catch (IOException e) {
            throw new UncheckedIOException("The recording " + file + " cannot be read", e);
        }
    }

    /**
     * Reads a recording from the class path, beside a test.
     *
     * @throws io.farandole.audit.recording.DamagedRecordingException if it is not whole, or none
     */
    public static RecordedHistory beside(Class<?> test, String name) {
        try (InputStream stream = test.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalArgumentException("There is no resource " + name + " beside " + test.getName());
            }
            List<String> lines = new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return new RecordedHistory(ProcessRecording.parse(lines), List.of(), NoOpEventUpcaster.INSTANCE);
        } catch (IOException e) {
            throw new UncheckedIOException("The recording " + name + " cannot be read", e);
        }
    }

    /** The same with events that the context knows: its own and the published ones. The framework's own are known. */
    public RecordedHistory knowing(EventTypes... more) {
        List<EventTypes> all = new ArrayList<>(types);
        all.addAll(List.of(more));
        return new RecordedHistory(recording, all, upcasters);
    }

    /** The same with the context's upcasters. */
    public RecordedHistory upcastBy(EventUpcaster chain) {
        return new RecordedHistory(recording, types, chain);
    }

    /** The recording itself. */
    public ProcessRecording recording() {
        return recording;
    }

    /** The events, own and received, in the order of the journal: for a fixture of Axon's, for example. */
    public List<Object> events() {
        JournalMessages messages = new JournalMessages(serializer(), upcasters);
        List<Object> payloads = new ArrayList<>();
        for (JournalRow row : recording.events()) {
            for (TrackedEventMessage<?> message : messages.of(row)) {
                payloads.add(known(message.getPayload(), row));
            }
        }
        return payloads;
    }

    private static Object known(Object payload, JournalRow row) {
        if (payload instanceof UnknownSerializedType) {
            throw new IllegalStateException(
                    "The recording has an event of type " + row.payloadType() + ".v" + row.payloadVersion()
                            + ", which is not known: name its EventTypes with knowing(..), or give an upcaster");
        }
        return payload;
    }

    /** As the other, for a saga that asks for nothing but gateways and deadlines. */
    public void intoSaga(Class<?> saga) {
        intoSaga(SagaVersion.of(saga));
    }

    /**
     * Replays the process into a saga, which must do at each event what was recorded: the commands it sends, the deadlines and outside calls
     * it asks for, and whether it ends. Nothing is sent.
     *
     * @throws AssertionError if it does otherwise, naming each event at which it does
     */
    public void intoSaga(SagaVersion<?> saga) {
        RecordedSaga expected = recording.sagas().stream()
                .filter(recorded -> recorded.saga().equals(saga.name()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(recording + " has nothing of a saga " + saga.name() + "; it has "
                        + recording.sagas().stream().map(RecordedSaga::saga).toList()));
        events();
        RegistrySerializer serializer = serializer();
        ReplayedProcess now = WhatIf.replay(
                saga,
                recording.processKey(),
                recording.events(),
                new JournalMessages(serializer, upcasters),
                serializer);
        String differences = SagaDifference.of(expected, now);
        if (!differences.isEmpty()) {
            throw new AssertionError("Saga " + saga.name() + " does not do with process " + recording.processKey()
                    + " what it did when that was recorded (- recorded, + now):\n" + differences);
        }
    }

    /**
     * Applies the own events of the process to an aggregate, which must become what was recorded.
     *
     * @throws AssertionError if it becomes something else, or the recording has no such aggregate whole
     */
    public void intoAggregate(Class<?> aggregate) {
        AggregateTypes aggregates = AggregateTypes.of(aggregate);
        RegistrySerializer serializer = serializer();
        AggregateFold fold =
                new AggregateFold(new JournalMessages(serializer, upcasters), serializer, () -> aggregates);
        List<RecordedAggregate> expected = recording.aggregates().stream()
                .filter(recorded -> aggregates.names().contains(recorded.aggregateType()))
                .toList();
        if (expected.isEmpty()) {
            throw new AssertionError(recording + " has no aggregate " + aggregates.names() + " whole; it has "
                    + new TreeSet<>(recording.aggregates().stream()
                            .map(RecordedAggregate::aggregateType)
                            .toList()));
        }
        for (RecordedAggregate recorded : expected) {
            List<JournalRow> events = recording.events().stream()
                    .filter(row -> row.sequence() != null
                            && row.sequence() <= recorded.sequence()
                            && recorded.aggregateId().equals(row.aggregateId()))
                    .toList();
            events.forEach(row -> new JournalMessages(serializer, upcasters)
                    .of(row)
                    .forEach(message -> known(message.getPayload(), row)));
            JsonNode now = fold.fold(recorded.aggregateType(), events).orElseThrow();
            // As text: a number that was read is of another class than one that was made, and no other number.
            if (!now.toString().equals(recorded.state().toString())) {
                throw new AssertionError(recorded + " becomes something else than when it was recorded:\n- "
                        + recorded.state() + "\n+ " + now);
            }
        }
    }

    private RegistrySerializer serializer() {
        List<EventTypes> all = new ArrayList<>(types);
        all.add(DeadlinePassed.TYPES);
        all.add(InterventionDecided.TYPES);
        return RegistrySerializer.of(EventTypes.merge(all));
    }
}
