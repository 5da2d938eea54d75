package io.farandole.shop.order.publishing;

import io.farandole.messaging.EventType;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.Followers;
import io.farandole.messaging.Publications;
import io.farandole.shop.kernel.PublishedLanguage;
import io.farandole.shop.kernel.order.v1.DeliveryRequested;
import io.farandole.shop.kernel.order.v1.OrderCancelled;
import io.farandole.shop.kernel.order.v1.OrderConfirmed;
import io.farandole.shop.kernel.order.v1.OrderLine;
import io.farandole.shop.kernel.order.v1.OrderPlaced;
import io.farandole.shop.kernel.order.v1.OrderReturned;
import io.farandole.shop.kernel.order.v1.PaymentRequested;
import io.farandole.shop.kernel.order.v1.WaitingAccepted;
import io.farandole.shop.order.ordering.Line;
import io.farandole.shop.order.ordering.OrderEvent;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The order context's events by name, and what of them becomes public. */
@Configuration(proxyBeanMethods = false)
public class OrderLanguage {

    /** The private events; all of an order's belong to the order's process, those of its return to the return's. */
    @Bean
    static EventTypes orderEvents() {
        return EventTypes.builder()
                .event("order.accepted-to-wait", 1, OrderEvent.WaitingAccepted.class, OrderEvent::orderId)
                .event("order.waiting-noted", 1, OrderEvent.WaitingNoted.class, OrderEvent::orderId)
                .event("order.waiting-ended", 1, OrderEvent.WaitingEnded.class, OrderEvent::orderId)
                .event("order.placed", 1, OrderEvent.OrderPlaced.class, OrderEvent::orderId)
                .event("order.payment-asked-for", 1, OrderEvent.PaymentRequested.class, OrderEvent::orderId)
                .event("order.delivery-asked-for", 1, OrderEvent.DeliveryRequested.class, OrderEvent::orderId)
                .event("order.confirmed", 1, OrderEvent.OrderConfirmed.class, OrderEvent::orderId)
                .event("order.fulfilled", 1, OrderEvent.OrderFulfilled.class, OrderEvent::orderId)
                .event("order.cancelled", 1, OrderEvent.OrderCancelled.class, OrderEvent::orderId)
                .event("order.settled", 1, OrderEvent.OrderSettled.class, OrderEvent::orderId)
                .event("order.return-requested", 1, OrderEvent.ReturnRequested.class, OrderEvent::orderId)
                .event("order.returned", 1, OrderEvent.OrderReturned.class, OrderEvent.OrderReturned::returnId)
                .event(
                        "order.return-completed",
                        1,
                        OrderEvent.ReturnCompleted.class,
                        OrderEvent.ReturnCompleted::returnId)
                .build();
    }

    /** The published language, as the registry knows it. */
    @Bean
    static EventTypes publishedEvents() {
        EventTypes.Builder builder = EventTypes.builder();
        PublishedLanguage.ENTRIES.forEach(entry -> add(builder, entry));
        return builder.build();
    }

    private static <T extends Record> void add(EventTypes.Builder builder, PublishedLanguage.Entry<T> entry) {
        builder.event(entry.name(), entry.version(), entry.type(), entry.processKey());
    }

    /** Who follows what, as the published language declares it. */
    @Bean
    static Followers followers() {
        Followers.Builder builder = Followers.builder();
        PublishedLanguage.ENTRIES.forEach(
                entry -> builder.add(new EventType(entry.name(), entry.version()), entry.followers()));
        return builder.build();
    }

    /** From the private form to the public one. The token travels alone, to payment; so does the address, to stock. */
    @Bean
    static Publications orderPublications() {
        return Publications.builder()
                .publish(
                        OrderEvent.WaitingAccepted.class,
                        event -> new WaitingAccepted(event.orderId(), event.upToSeconds()))
                .publish(
                        OrderEvent.OrderPlaced.class,
                        event -> new OrderPlaced(
                                event.orderId(), event.customerId(), lines(event.lines()), event.total()))
                .publish(
                        OrderEvent.PaymentRequested.class,
                        event -> new PaymentRequested(event.orderId(), event.amount(), event.paymentToken()))
                .publish(
                        OrderEvent.DeliveryRequested.class,
                        event -> new DeliveryRequested(
                                event.orderId(), event.deliverTo().text()))
                .publish(OrderEvent.OrderConfirmed.class, event -> new OrderConfirmed(event.orderId(), event.total()))
                .publish(OrderEvent.OrderCancelled.class, event -> new OrderCancelled(event.orderId(), event.reason()))
                .publish(
                        OrderEvent.OrderReturned.class,
                        event -> new OrderReturned(
                                event.returnId(), event.orderId(), lines(event.lines()), event.refund()))
                .build();
    }

    private static List<OrderLine> lines(List<Line> lines) {
        return lines.stream()
                .map(line -> new OrderLine(line.productId(), line.quantity(), line.unitPrice()))
                .toList();
    }
}
