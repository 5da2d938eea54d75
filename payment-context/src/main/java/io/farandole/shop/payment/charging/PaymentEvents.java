package io.farandole.shop.payment.charging;

import io.farandole.messaging.EventTypes;

/** The stored names of this context's private events. Stable: they are in the journal. */
public final class PaymentEvents {

    /** Each with its process: the order, or the return. */
    public static final EventTypes TYPES = EventTypes.builder()
            .event("payment.charge-requested", 1, PaymentEvent.ChargeRequested.class, PaymentEvent::orderId)
            .event("payment.charge-ordered", 1, PaymentEvent.ChargeOrdered.class, PaymentEvent::orderId)
            .event("payment.stock-secured", 1, PaymentEvent.StockSecured.class, PaymentEvent::orderId)
            .event("payment.charge-confirmed", 1, PaymentEvent.ChargeConfirmed.class, PaymentEvent::orderId)
            .event("payment.charge-cancelled", 1, PaymentEvent.ChargeCancelled.class, PaymentEvent::orderId)
            .event("payment.return-requested", 1, PaymentEvent.ReturnRequested.class, it -> it.returnId())
            .event("payment.authorization-started", 1, PaymentEvent.AuthorizationStarted.class, PaymentEvent::orderId)
            .event("payment.charge-authorized", 1, PaymentEvent.ChargeAuthorized.class, PaymentEvent::orderId)
            .event("payment.charge-declined", 1, PaymentEvent.ChargeDeclined.class, PaymentEvent::orderId)
            .event("payment.capture-started", 1, PaymentEvent.CaptureStarted.class, PaymentEvent::orderId)
            .event("payment.capture-unresolved", 1, PaymentEvent.CaptureUnresolved.class, PaymentEvent::orderId)
            .event("payment.charge-captured", 1, PaymentEvent.ChargeCaptured.class, PaymentEvent::orderId)
            .event("payment.capture-refused", 1, PaymentEvent.CaptureRefused.class, PaymentEvent::orderId)
            .event("payment.void-started", 1, PaymentEvent.VoidStarted.class, PaymentEvent::orderId)
            .event("payment.charge-voided", 1, PaymentEvent.ChargeVoided.class, PaymentEvent::orderId)
            .event("payment.authorization-released", 1, PaymentEvent.AuthorizationReleased.class, PaymentEvent::orderId)
            .event("payment.refund-started", 1, PaymentEvent.RefundStarted.class, PaymentEvent::orderId)
            .event("payment.charge-refunded", 1, PaymentEvent.ChargeRefunded.class, PaymentEvent::orderId)
            .event("payment.return-refund-started", 1, PaymentEvent.ReturnRefundStarted.class, it -> it.returnId())
            .event("payment.return-refunded", 1, PaymentEvent.ReturnRefunded.class, it -> it.returnId())
            .event("payment.settlement-failed", 1, PaymentEvent.SettlementFailed.class, PaymentEvent::orderId)
            .build();

    private PaymentEvents() {}
}
