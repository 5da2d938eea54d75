package io.farandole.shop.order.coordination;

import io.farandole.messaging.EventTypes;

/** The stored names of a conducted order's events. Stable: they are in the journal. */
final class CoordinationEvents {

    static final EventTypes TYPES = EventTypes.builder()
            .event("order.coordination-begun", 1, CoordinationEvent.CoordinationBegun.class, CoordinationEvent::orderId)
            .event("order.goods-held", 1, CoordinationEvent.GoodsHeld.class, CoordinationEvent::orderId)
            .event("order.goods-refused", 1, CoordinationEvent.GoodsRefused.class, CoordinationEvent::orderId)
            .event("order.charge-taken", 1, CoordinationEvent.ChargeTaken.class, CoordinationEvent::orderId)
            .event("order.charge-refused", 1, CoordinationEvent.ChargeRefused.class, CoordinationEvent::orderId)
            .event("order.goods-sold", 1, CoordinationEvent.GoodsSold.class, CoordinationEvent::orderId)
            .event("order.sale-refused", 1, CoordinationEvent.SaleRefused.class, CoordinationEvent::orderId)
            .event("order.step-unanswered", 1, CoordinationEvent.StepUnanswered.class, CoordinationEvent::orderId)
            .event("order.abandoned", 1, CoordinationEvent.OrderAbandoned.class, CoordinationEvent::orderId)
            .event("order.goods-let-go", 1, CoordinationEvent.GoodsLetGo.class, CoordinationEvent::orderId)
            .event("order.release-failed", 1, CoordinationEvent.ReleaseFailed.class, CoordinationEvent::orderId)
            .event("order.charge-undone", 1, CoordinationEvent.ChargeUndone.class, CoordinationEvent::orderId)
            .event("order.refund-failed", 1, CoordinationEvent.RefundFailed.class, CoordinationEvent::orderId)
            .event(
                    "order.coordination-settled",
                    1,
                    CoordinationEvent.CoordinationSettled.class,
                    CoordinationEvent::orderId)
            .build();

    private CoordinationEvents() {}
}
