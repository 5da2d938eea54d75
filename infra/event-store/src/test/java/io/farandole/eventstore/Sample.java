package io.farandole.eventstore;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.Publications;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Events of a small context, for tests. */
final class Sample {

    static final Instant NOON = Instant.parse("2026-11-20T12:00:00.123456Z");
    static final EventType PLACED = new EventType("order.order-placed", 1);

    private Sample() {}

    record OrderPlaced(String orderId, int total, String note) {}

    record OrderCancelled(String orderId) {}

    record PublishedOrderPlaced(String orderId, int total) {}

    record PublishedOrderCancelled(String orderId) {}

    static EventTypes types() {
        return EventTypes.builder()
                .event("order.order-placed", 1, OrderPlaced.class)
                .event("order.order-cancelled", 1, OrderCancelled.class, OrderCancelled::orderId)
                .event("order.placed", 1, PublishedOrderPlaced.class)
                .event("order.cancelled", 2, PublishedOrderCancelled.class)
                .build();
    }

    static Publications publications() {
        return Publications.builder()
                .publish(OrderPlaced.class, placed -> new PublishedOrderPlaced(placed.orderId(), placed.total()))
                .publish(OrderCancelled.class, cancelled -> new PublishedOrderCancelled(cancelled.orderId()))
                .build();
    }

    /** Appends own events on a connection, and leaves its transaction open. */
    static void append(Connection connection, String context, List<JournalEntry> entries) throws SQLException {
        RoundTrip alone = new RoundTrip(new JdbcTemplate(new SingleConnectionDataSource(connection, true)));
        alone.add(new OwnAppend(context, entries, (appended, unused) -> {}, failure -> null));
        try {
            alone.execute();
        } catch (DataAccessException e) {
            throw e.getMostSpecificCause() instanceof SQLException cause ? cause : new SQLException(e);
        }
    }

    static JournalEntry entry(String aggregateId, long sequence) {
        return entry(aggregateId, sequence, null);
    }

    static JournalEntry entry(
            String aggregateId, long sequence, @org.jspecify.annotations.Nullable EventType wireType) {
        return new JournalEntry(
                UUID.randomUUID().toString(),
                "Order",
                aggregateId,
                sequence,
                PLACED,
                "{\"orderId\":\"" + aggregateId + "\"}",
                null,
                aggregateId,
                null,
                null,
                null,
                wireType,
                null,
                null,
                NOON);
    }

    static Envelope envelope(String id, String body) {
        return new Envelope(
                id,
                "stock",
                new EventType("stock.stock-reserved", 1),
                "r-1",
                NOON,
                "o-1",
                7,
                "conversation",
                "cause",
                null,
                null,
                body);
    }

    static DomainEventMessage<?> placed(String orderId, long sequence) {
        return new GenericDomainEventMessage<>("Order", orderId, sequence, new OrderPlaced(orderId, 1990, "private"));
    }
}
