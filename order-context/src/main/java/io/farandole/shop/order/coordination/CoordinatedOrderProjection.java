package io.farandole.shop.order.coordination;

import io.farandole.axon.RowChanges;
import io.farandole.shop.order.coordination.CoordinationEvent.ChargeRefused;
import io.farandole.shop.order.coordination.CoordinationEvent.CoordinationBegun;
import io.farandole.shop.order.coordination.CoordinationEvent.CoordinationSettled;
import io.farandole.shop.order.coordination.CoordinationEvent.GoodsRefused;
import io.farandole.shop.order.coordination.CoordinationEvent.GoodsSold;
import io.farandole.shop.order.coordination.CoordinationEvent.OrderAbandoned;
import io.farandole.shop.order.coordination.CoordinationEvent.SaleRefused;
import io.farandole.shop.order.coordination.CoordinationEvent.StepUnanswered;
import java.time.Instant;
import java.util.function.Consumer;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.springframework.stereotype.Component;

/** Writes an order's row in the transaction that appends its events: it can be read as soon as it is accepted. */
@Component
@Coordinated
@ProcessingGroup(CoordinatedOrderProjection.GROUP)
class CoordinatedOrderProjection {

    static final String GROUP = "coordinated-orders";

    private final CoordinatedOrderViews views;
    private final RowChanges<String, CoordinatedOrderView> rows;

    CoordinatedOrderProjection(CoordinatedOrderViews views) {
        this.views = views;
        this.rows = new RowChanges<>(views::findAllByOrderIdIn, CoordinatedOrderView::getId, views::save);
    }

    @EventHandler
    void on(CoordinationBegun event, @Timestamp Instant at) {
        views.save(new CoordinatedOrderView(event, at));
    }

    @EventHandler
    void on(GoodsRefused event) {
        change(event, row -> row.cancelled(event.reason()));
    }

    @EventHandler
    void on(ChargeRefused event) {
        change(event, row -> row.cancelled(event.reason()));
    }

    @EventHandler
    void on(SaleRefused event) {
        change(event, row -> row.cancelled(event.reason()));
    }

    @EventHandler
    void on(StepUnanswered event) {
        if (event.step().canBeGivenUp()) {
            change(event, row -> row.cancelled(event.step().participant() + "-unavailable"));
        }
    }

    @EventHandler
    void on(OrderAbandoned event) {
        change(event, row -> row.cancelled(event.reason()));
    }

    @EventHandler
    void on(GoodsSold event, @Timestamp Instant at) {
        change(event, row -> row.confirmed(at));
    }

    @EventHandler
    void on(CoordinationSettled event, @Timestamp Instant at) {
        change(event, row -> row.settled(at));
    }

    private void change(CoordinationEvent event, Consumer<CoordinatedOrderView> change) {
        rows.change(event.orderId(), row -> {
            if (row == null) {
                throw new IllegalStateException("Order " + event.orderId()
                        + " has events but no row in app.coordinated_order: rebuild the read model from the journal");
            }
            change.accept(row);
            return row;
        });
    }
}
