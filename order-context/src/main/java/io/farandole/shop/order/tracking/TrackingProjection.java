package io.farandole.shop.order.tracking;

import io.farandole.shop.order.ordering.OrderEvent;
import io.farandole.shop.order.ordering.OrderEvent.OrderCancelled;
import io.farandole.shop.order.ordering.OrderEvent.OrderConfirmed;
import io.farandole.shop.order.ordering.OrderEvent.OrderFulfilled;
import io.farandole.shop.order.ordering.OrderEvent.OrderPlaced;
import io.farandole.shop.order.ordering.OrderEvent.OrderReturned;
import io.farandole.shop.order.ordering.OrderEvent.OrderSettled;
import io.farandole.shop.order.ordering.OrderEvent.ReturnCompleted;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.springframework.stereotype.Component;

/**
 * Writes an order's row in the transaction that appends its events ({@link TrackingConfiguration} subscribes it).
 *
 * <p>So a row is there to be read as soon as the order is accepted, shows exactly what the journal holds, and is rolled back
 * with it; there is no position to keep and no lag. The price: a projection that fails fails its command, and a rebuild
 * reads the journal instead of resetting a processor. With one narrow row per order, both are cheap here.
 */
@Component
@ProcessingGroup(TrackingConfiguration.GROUP)
class TrackingProjection {

    private final OrderStatusViews views;
    private final OrderStatusFeed feed;

    TrackingProjection(OrderStatusViews views, OrderStatusFeed feed) {
        this.views = views;
        this.feed = feed;
    }

    @EventHandler
    void on(OrderPlaced event, @Timestamp Instant at) {
        views.save(new OrderStatusView(event, at));
    }

    @EventHandler
    void on(OrderConfirmed event, @Timestamp Instant at) {
        view(event).confirmed(at);
        feed.changed(event.orderId());
    }

    @EventHandler
    void on(OrderFulfilled event, @Timestamp Instant at) {
        view(event).fulfilled(at);
    }

    @EventHandler
    void on(OrderCancelled event, @Timestamp Instant at) {
        view(event).cancelled(event.reason(), at);
        feed.changed(event.orderId());
    }

    @EventHandler
    void on(OrderSettled event, @Timestamp Instant at) {
        view(event).closed(at);
    }

    @EventHandler
    void on(OrderReturned event, @Timestamp Instant at) {
        view(event).returned(event.reason(), at);
        feed.changed(event.orderId());
    }

    @EventHandler
    void on(ReturnCompleted event, @Timestamp Instant at) {
        view(event).closed(at);
    }

    private OrderStatusView view(OrderEvent event) {
        return views.findById(event.orderId())
                .orElseThrow(() -> new IllegalStateException("Order " + event.orderId()
                        + " has events but no row in app.order_status: rebuild the read model from the journal"));
    }
}
