package io.farandole.eventstore;

import io.farandole.messaging.Headers;
import io.farandole.messaging.JsonCodec;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;
import org.jspecify.annotations.Nullable;

/** A row as Axon's upcasters and readers want it. */
class JournalEventData implements TrackedEventData<Object> {

    /** Metadata with columns of its own. */
    static final Set<String> COLUMNS = Set.of(
            Headers.PROCESS_KEY, Headers.CORRELATION_ID, Headers.CAUSATION_ID, Headers.TRACEPARENT, Headers.SOURCE);

    private final JournalRow row;
    private final JsonCodec codec;

    private JournalEventData(JournalRow row, JsonCodec codec) {
        this.row = row;
        this.codec = codec;
    }

    /** An aggregate's event is one to Axon only if it is our own: a received one has no aggregate here. */
    static JournalEventData of(JournalRow row, JsonCodec codec) {
        return row.sequence() == null ? new JournalEventData(row, codec) : new OfAggregate(row, codec);
    }

    JournalRow row() {
        return row;
    }

    @Override
    public TrackingToken trackingToken() {
        return new GlobalSequenceTrackingToken(row.position());
    }

    @Override
    public String getEventIdentifier() {
        return row.eventId();
    }

    @Override
    public Instant getTimestamp() {
        return row.occurredAt();
    }

    @Override
    @SuppressWarnings("unchecked") // Axon's content type is a type variable that it casts away itself
    public SerializedObject<Object> getMetaData() {
        return (SerializedObject<Object>) (SerializedObject<?>) RegistrySerializer.metaData(metaData(row, codec));
    }

    @Override
    @SuppressWarnings("unchecked")
    public SerializedObject<Object> getPayload() {
        return (SerializedObject<Object>) (SerializedObject<?>) new SimpleSerializedObject<>(
                row.payload(), String.class, row.payloadType(), Integer.toString(row.payloadVersion()));
    }

    static MetaData metaData(JournalRow row, JsonCodec codec) {
        Map<String, Object> values = new HashMap<>();
        String metadata = row.metadata();
        if (metadata != null) {
            values.putAll(readMap(metadata, codec));
        }
        values.put(Headers.PROCESS_KEY, row.processKey());
        put(values, Headers.CORRELATION_ID, row.correlationId());
        put(values, Headers.CAUSATION_ID, row.causationId());
        put(values, Headers.TRACEPARENT, row.traceparent());
        if (!row.own()) {
            values.put(Headers.SOURCE, row.source());
        }
        return MetaData.from(values);
    }

    @SuppressWarnings("unchecked") // a JSON object's keys are text
    static Map<String, Object> readMap(String json, JsonCodec codec) {
        return (Map<String, Object>) codec.read(json, Map.class);
    }

    private static void put(Map<String, Object> values, String name, @Nullable String value) {
        if (value != null) {
            values.put(name, value);
        }
    }

    private static final class OfAggregate extends JournalEventData implements DomainEventData<Object> {

        OfAggregate(JournalRow row, JsonCodec codec) {
            super(row, codec);
        }

        @Override
        @SuppressWarnings("NullAway") // Axon allows a missing type
        public String getType() {
            return row().aggregateType();
        }

        @Override
        @SuppressWarnings("NullAway") // a row with a sequence has an aggregate: checked by the table
        public String getAggregateIdentifier() {
            return row().aggregateId();
        }

        @Override
        @SuppressWarnings("NullAway") // this is the class for rows with a sequence
        public long getSequenceNumber() {
            return row().sequence();
        }
    }
}
