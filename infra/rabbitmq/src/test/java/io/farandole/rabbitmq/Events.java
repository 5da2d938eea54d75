package io.farandole.rabbitmq;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;
import io.farandole.messaging.Followers;
import java.time.Instant;
import java.util.List;

/** A small published language, and events of it. */
final class Events {

    static final EventType PLACED = new EventType("order.order-placed", 1);
    static final EventType CANCELLED = new EventType("order.order-cancelled", 1);
    static final EventType REQUESTED = new EventType("order.payment-requested", 1);
    static final EventType ARCHIVED = new EventType("order.order-archived", 1);
    static final EventType RESERVED = new EventType("stock.stock-reserved", 1);
    static final Instant TIME = Instant.parse("2026-11-20T10:15:30.123456Z");

    static final Followers FOLLOWERS = Followers.builder()
            .add(PLACED, List.of("stock"))
            .add(CANCELLED, List.of("stock", "payment"))
            .add(REQUESTED, List.of("payment"))
            .add(ARCHIVED, List.of())
            .add(RESERVED, List.of("order", "payment"))
            .build();

    private Events() {}

    static TopologySpec spec(String context) {
        return TopologySpec.of(context, FOLLOWERS);
    }

    static Envelope event(EventType type, String id, String processKey, long position) {
        return new Envelope(
                id,
                type.context(),
                type,
                processKey,
                TIME,
                processKey,
                position,
                "correlation-" + processKey,
                null,
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                null,
                "{\"orderId\":\"" + processKey + "\",\"n\":" + position + "}");
    }
}
