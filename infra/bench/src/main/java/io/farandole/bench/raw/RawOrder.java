package io.farandole.bench.raw;

import io.farandole.bench.load.OrderSpec;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.common.IdentifierFactory;

/** Order: places, confirms on the authorisation, cancels on the decline, ends on the capture or the release. */
final class RawOrder implements RawContext.Acting {

    static final List<String> FOLLOWED = List.of(
            "stock.stock-reserved.v1",
            "stock.stock-released.v1",
            "payment.payment-authorized.v1",
            "payment.payment-declined.v1",
            "payment.payment-captured.v1");

    private static final String TOTAL = "\"total\":{\"minor\":990,\"currency\":\"EUR\"}}";

    /** The two events of a new order. */
    static List<RawEvent> place(String orderId, OrderSpec order) {
        String conversation = IdentifierFactory.getInstance().generateIdentifier();
        String start = "{\"orderId\":\"" + orderId + "\",";
        return List.of(
                event(
                        "order.placed",
                        start + "\"customerId\":\"" + order.customerId() + "\",\"lines\":[{\"productId\":\""
                                + order.productId()
                                + "\",\"quantity\":1,\"unitPrice\":{\"minor\":990,\"currency\":\"EUR\"}}]," + TOTAL,
                        orderId,
                        conversation,
                        "order.order-placed.v1"),
                event(
                        "order.payment-asked-for",
                        start + "\"amount\":{\"minor\":990,\"currency\":\"EUR\"},\"paymentToken\":\""
                                + (order.declined() ? "tok_declined" : "tok_ok") + "\"}",
                        orderId,
                        conversation,
                        "order.payment-requested.v1"));
    }

    private static RawEvent event(String type, String body, String orderId, String conversation, String wireType) {
        return new RawEvent(
                IdentifierFactory.getInstance().generateIdentifier(),
                "order",
                type,
                body,
                orderId,
                conversation,
                conversation,
                wireType,
                null,
                Instant.now());
    }

    @Override
    public List<RawEvent> on(List<RawEvent> fresh, Connection connection) {
        List<RawEvent> own = new ArrayList<>();
        for (RawEvent event : fresh) {
            String orderId = "{\"orderId\":\"" + event.processKey() + "\"";
            switch (event.type()) {
                case "payment.payment-authorized" ->
                    own.add(RawEvent.published(
                            "order.confirmed", orderId + "," + TOTAL, "order.order-confirmed.v1", null, event));
                case "payment.payment-declined" ->
                    own.add(RawEvent.published(
                            "order.cancelled",
                            orderId + ",\"reason\":\"declined\"}",
                            "order.order-cancelled.v1",
                            null,
                            event));
                case "payment.payment-captured" -> own.add(RawEvent.of("order.fulfilled", orderId + "}", event));
                case "stock.stock-released" -> own.add(RawEvent.of("order.settled", orderId + "}", event));
                default -> {} // the reservation is noted; the authorisation implies it
            }
        }
        return own;
    }
}
