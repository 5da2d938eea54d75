package io.farandole.shop.order.tracking;

import io.farandole.axon.RowChanges;
import io.farandole.shop.order.ordering.OrderEvent;
import io.farandole.shop.order.ordering.OrderEvent.DeliveryRequested;
import io.farandole.shop.order.ordering.OrderEvent.OrderCancelled;
import io.farandole.shop.order.ordering.OrderEvent.OrderConfirmed;
import io.farandole.shop.order.ordering.OrderEvent.OrderFulfilled;
import io.farandole.shop.order.ordering.OrderEvent.OrderPlaced;
import io.farandole.shop.order.ordering.OrderEvent.OrderReturned;
import io.farandole.shop.order.ordering.OrderEvent.OrderSettled;
import io.farandole.shop.order.ordering.OrderEvent.ReturnCompleted;
import io.farandole.shop.order.ordering.OrderEvent.WaitingEnded;
import io.farandole.shop.order.ordering.OrderEvent.WaitingNoted;
import java.time.Instant;
import java.util.function.Consumer;
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
    private final RowChanges<String, OrderStatusView> rows;

    TrackingProjection(OrderStatusViews views, OrderStatusFeed feed) {
        this.views = views;
        this.feed = feed;
        this.rows = new RowChanges<>(views::findAllByOrderIdIn, OrderStatusView::getId, views::save);
    }

    @EventHandler
    void on(OrderPlaced event, @Timestamp Instant at) {
        views.save(new OrderStatusView(event, at));
    }

    @EventHandler
    void on(DeliveryRequested event) {
        change(event, row -> row.deliverTo(event.deliverTo()));
    }

    @EventHandler
    void on(WaitingNoted event) {
        change(event, row -> row.waiting(event.until()));
    }

    @EventHandler
    void on(WaitingEnded event) {
        change(event, row -> row.waiting(null));
    }

    @EventHandler
    void on(OrderConfirmed event, @Timestamp Instant at) {
        change(event, row -> row.confirmed(at));
        feed.changed(event.orderId());
    }

    @EventHandler
    void on(OrderFulfilled event, @Timestamp Instant at) {
        change(event, row -> row.fulfilled(at));
    }

    @EventHandler
    void on(OrderCancelled event, @Timestamp Instant at) {
        change(event, row -> row.cancelled(event.reason(), at));
        feed.changed(event.orderId());
    }

    @EventHandler
    void on(OrderSettled event, @Timestamp Instant at) {
        change(event, row -> row.closed(at));
    }

    @EventHandler
    void on(OrderReturned event, @Timestamp Instant at) {
        change(event, row -> row.returned(event.reason(), at));
        feed.changed(event.orderId());
    }

    @EventHandler
    void on(ReturnCompleted event, @Timestamp Instant at) {
        change(event, row -> row.closed(at));
    }

    private void change(OrderEvent event, Consumer<OrderStatusView> change) {
        rows.change(event.orderId(), row -> {
            if (row == null) {
                throw new IllegalStateException("Order " + event.orderId()
                        + " has events but no row in app.order_status: rebuild the read model from the journal");
            }
            change.accept(row);
            return row;
        });
    }
}
