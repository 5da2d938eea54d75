package io.farandole.eventstore;

import io.farandole.messaging.JsonCodec;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** The newest snapshot of each aggregate, in {@code farandole.snapshot}. Joins the current transaction. */
final class JournalSnapshots {

    /** An older snapshot that arrives late (they are taken in the background) does not replace a newer one. */
    private static final String STORE =
            "insert into farandole.snapshot as s (aggregate_id, aggregate_type, sequence, event_id,"
                    + " payload_type, payload_version, payload, metadata, occurred_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    + " on conflict (aggregate_id) do update set aggregate_type = excluded.aggregate_type,"
                    + " sequence = excluded.sequence, event_id = excluded.event_id, payload_type = excluded.payload_type,"
                    + " payload_version = excluded.payload_version, payload = excluded.payload, metadata = excluded.metadata,"
                    + " occurred_at = excluded.occurred_at where s.sequence <= excluded.sequence";

    private static final String READ =
            "select aggregate_type, sequence, event_id, occurred_at, payload_type, payload_version,"
                    + " payload, metadata from farandole.snapshot where aggregate_id = ?";

    private JournalSnapshots() {}

    static void store(JdbcTemplate jdbc, DomainEventMessage<?> snapshot, Serializer serializer, JsonCodec codec) {
        SerializedObject<String> payload = snapshot.serializePayload(serializer, String.class);
        jdbc.update(
                STORE,
                snapshot.getAggregateIdentifier(),
                snapshot.getType(),
                snapshot.getSequenceNumber(),
                snapshot.getIdentifier(),
                payload.getType().getName(),
                payload.getType().getRevision(),
                payload.getData(),
                snapshot.getMetaData().isEmpty() ? null : codec.write(Map.copyOf(snapshot.getMetaData())),
                snapshot.getTimestamp().atOffset(ZoneOffset.UTC));
    }

    /** Reads an aggregate's snapshot, if it has one. */
    static RoundTrip.Statement reading(String aggregateId, JsonCodec codec, List<DomainEventData<?>> found) {
        return new RoundTrip.Statement() {
            @Override
            public String sql() {
                return READ;
            }

            @Override
            public int bind(PreparedStatement statement, int before) throws SQLException {
                statement.setString(before + 1, aggregateId);
                return before + 1;
            }

            @Override
            public void rows(ResultSet result) throws SQLException {
                while (result.next()) {
                    String metadata = result.getString(8);
                    found.add(new Snapshot(
                            result.getString(1),
                            aggregateId,
                            result.getLong(2),
                            result.getString(3),
                            result.getObject(4, OffsetDateTime.class).toInstant(),
                            result.getString(5),
                            result.getString(6),
                            result.getString(7),
                            metadata == null
                                    ? MetaData.emptyInstance()
                                    : MetaData.from(JournalEventData.readMap(metadata, codec))));
                }
            }
        };
    }

    private record Snapshot(
            @Nullable String type,
            String aggregateId,
            long sequence,
            String eventId,
            Instant occurredAt,
            String payloadType,
            @Nullable String payloadVersion,
            String payload,
            MetaData metaData)
            implements DomainEventData<Object> {

        @Override
        @SuppressWarnings("NullAway") // Axon allows a missing type
        public String getType() {
            return type;
        }

        @Override
        public String getAggregateIdentifier() {
            return aggregateId;
        }

        @Override
        public long getSequenceNumber() {
            return sequence;
        }

        @Override
        public String getEventIdentifier() {
            return eventId;
        }

        @Override
        public Instant getTimestamp() {
            return occurredAt;
        }

        @Override
        @SuppressWarnings("unchecked") // Axon's content type is a type variable that it casts away itself
        public SerializedObject<Object> getMetaData() {
            return (SerializedObject<Object>) (SerializedObject<?>) RegistrySerializer.metaData(metaData);
        }

        @Override
        @SuppressWarnings("unchecked")
        public SerializedObject<Object> getPayload() {
            return (SerializedObject<Object>) (SerializedObject<?>)
                    new SimpleSerializedObject<>(payload, String.class, payloadType, payloadVersion);
        }
    }
}
