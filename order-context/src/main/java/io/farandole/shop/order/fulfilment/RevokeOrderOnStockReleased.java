package io.farandole.shop.order.fulfilment;

import io.farandole.shop.kernel.stock.v1.StockReleased;
import io.farandole.shop.order.ordering.OrderCommand.RevokeOrder;
import io.farandole.shop.order.ordering.Reasons;
import io.farandole.shop.order.tracking.FindOrders;
import io.farandole.shop.order.tracking.OrderStatus;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.stereotype.Component;

/**
 * Stock lets go of a reservation when it is told of a cancellation, which is the usual case and nothing new here, or because
 * nobody confirmed it in time. Then what the order promises is gone: it is cancelled, or, if it has been paid by then,
 * returned.
 *
 * <p>Apart from {@link OrderFulfilment}, for that may have ended. The read model answers first: it is as true as the
 * journal, and the usual case costs one row and no aggregate.
 */
@Component
@DisallowReplay // it acts
@ProcessingGroup("order-revocation")
class RevokeOrderOnStockReleased {

    private final FindOrders orders;
    private final CommandGateway commands;

    RevokeOrderOnStockReleased(FindOrders orders, CommandGateway commands) {
        this.orders = orders;
        this.commands = commands;
    }

    @EventHandler
    void on(StockReleased event) {
        boolean ended = orders.byId(event.orderId())
                .map(order -> order.status() == OrderStatus.CANCELLED || order.status() == OrderStatus.RETURNED)
                .orElse(true);
        if (!ended) {
            commands.sendAndWait(new RevokeOrder(event.orderId(), Reasons.RESERVATION_LOST));
        }
    }
}
