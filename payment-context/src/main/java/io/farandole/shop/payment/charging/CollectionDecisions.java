package io.farandole.shop.payment.charging;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.charging.PaymentEvent.AuthorizationStarted;
import io.farandole.shop.payment.charging.PaymentEvent.CaptureRefused;
import io.farandole.shop.payment.charging.PaymentEvent.CaptureStarted;
import io.farandole.shop.payment.charging.PaymentEvent.CaptureUnresolved;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeAuthorized;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeCaptured;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeConfirmed;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeDeclined;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeOrdered;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeRequested;
import io.farandole.shop.payment.charging.PaymentEvent.RefundStarted;
import io.farandole.shop.payment.charging.PaymentEvent.ReturnRefundStarted;
import io.farandole.shop.payment.charging.PaymentEvent.StockSecured;
import io.farandole.shop.payment.charging.PaymentEvent.VoidStarted;
import io.farandole.shop.payment.gateway.GatewayAnswer;
import java.util.ArrayList;
import java.util.List;

/** The way forward: collect, authorise, capture. Pure. */
final class CollectionDecisions {

    /** The published reasons. */
    static final String DECLINED = "declined";

    static final String PROVIDER_UNAVAILABLE = "provider-unavailable";
    static final String CAPTURE_FAILED = "capture-failed";

    private CollectionDecisions() {}

    static List<PaymentEvent> request(PaymentState state, String orderId, Money amount) {
        if (!isBeforeAuthorization(state) || state.amount() != null) {
            return List.of();
        }
        ChargeRequested requested = new ChargeRequested(orderId, amount);
        return state.stockSecured()
                ? List.of(requested, new AuthorizationStarted(orderId, amount))
                : List.of(requested);
    }

    /** Only what nobody has said anything of yet: what follows an order is left to its events. */
    static List<PaymentEvent> order(PaymentState state, String orderId, Money amount) {
        return state.phase() == Phase.NEW
                ? List.of(new ChargeOrdered(orderId, amount), new AuthorizationStarted(orderId, amount))
                : List.of();
    }

    static List<PaymentEvent> secureStock(PaymentState state, String orderId) {
        if (!isBeforeAuthorization(state) || state.stockSecured()) {
            return List.of();
        }
        Money amount = state.amount();
        return amount != null
                ? List.of(new StockSecured(orderId), new AuthorizationStarted(orderId, amount))
                : List.of(new StockSecured(orderId));
    }

    static List<PaymentEvent> confirm(PaymentState state, String orderId) {
        if (state.phase() == Phase.AUTHORIZED) {
            return List.of(new CaptureStarted(orderId, state.charge()));
        }
        boolean early = isBeforeAuthorization(state) || state.phase() == Phase.AUTHORIZING;
        return early && !state.confirmed() ? List.of(new ChargeConfirmed(orderId)) : List.of();
    }

    static List<PaymentEvent> authorization(PaymentState state, String orderId, GatewayAnswer answer) {
        if (state.phase() != Phase.AUTHORIZING) {
            // Cancelled meanwhile: the void that was asked for then holds for an earlier and a later authorisation
            // alike.
            return List.of();
        }
        List<PaymentEvent> events = new ArrayList<>();
        switch (answer.kind()) {
            case DONE -> {
                events.add(new ChargeAuthorized(orderId, state.charge()));
                if (state.confirmed()) {
                    events.add(new CaptureStarted(orderId, state.charge()));
                }
            }
            case REFUSED -> {
                events.add(new ChargeDeclined(orderId, state.charge(), DECLINED));
                events.addAll(SettlementDecisions.answerOpenReturns(state, orderId));
            }
            case UNKNOWN -> {
                events.add(new ChargeDeclined(orderId, state.charge(), PROVIDER_UNAVAILABLE));
                events.add(new VoidStarted(orderId, state.charge()));
                events.addAll(SettlementDecisions.answerOpenReturns(state, orderId));
            }
        }
        return List.copyOf(events);
    }

    static List<PaymentEvent> capture(PaymentState state, String orderId, GatewayAnswer answer) {
        if (state.phase() != Phase.CAPTURING) {
            return List.of();
        }
        return switch (answer.kind()) {
            case DONE -> captured(state, orderId);
            case REFUSED ->
                state.cancelled()
                        ? List.of(new VoidStarted(orderId, state.charge()))
                        : List.of(
                                new CaptureRefused(orderId, CAPTURE_FAILED), new VoidStarted(orderId, state.charge()));
            case UNKNOWN -> List.of(new CaptureUnresolved(orderId, state.charge()));
        };
    }

    /** The amount was taken: whoever asked for it back meanwhile gets it. */
    static List<PaymentEvent> captured(PaymentState state, String orderId) {
        ChargeCaptured captured = new ChargeCaptured(orderId, state.charge());
        if (state.cancelled()) {
            return List.of(captured, new RefundStarted(orderId, state.charge()));
        }
        return state.openReturns().isEmpty()
                ? List.of(captured)
                : List.of(
                        captured,
                        new ReturnRefundStarted(state.openReturns().get(0).returnId(), orderId, state.charge()));
    }

    private static boolean isBeforeAuthorization(PaymentState state) {
        return state.phase() == Phase.NEW || state.phase() == Phase.COLLECTING;
    }
}
