package io.farandole.shop.payment.charging;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.charging.PaymentEvent.AuthorizationReleased;
import io.farandole.shop.payment.charging.PaymentEvent.CaptureRefused;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeCancelled;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeRefunded;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeVoided;
import io.farandole.shop.payment.charging.PaymentEvent.RefundStarted;
import io.farandole.shop.payment.charging.PaymentEvent.ReturnRefundStarted;
import io.farandole.shop.payment.charging.PaymentEvent.ReturnRefunded;
import io.farandole.shop.payment.charging.PaymentEvent.ReturnRequested;
import io.farandole.shop.payment.charging.PaymentEvent.SettlementFailed;
import io.farandole.shop.payment.charging.PaymentEvent.VoidStarted;
import io.farandole.shop.payment.gateway.GatewayAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The way back: cancel, void, refund. Pure. */
final class SettlementDecisions {

    private SettlementDecisions() {}

    static List<PaymentEvent> cancel(PaymentState state, String orderId) {
        return switch (state.phase()) {
            case NEW, COLLECTING -> voidedNow(state, orderId);
            case AUTHORIZING, AUTHORIZED -> List.of(new VoidStarted(orderId, state.charge()));
            case CAPTURED -> List.of(new RefundStarted(orderId, state.charge()));
            case CAPTURING, RESOLVING, RETURNING ->
                state.cancelled() ? List.of() : List.of(new ChargeCancelled(orderId));
            case REFUNDED ->
                state.cancelled()
                        ? List.of()
                        : List.of(new ChargeRefunded(
                                orderId, Money.zero(state.charge().currency())));
            case REFUNDING, VOIDING, VOIDED, RELEASING, DECLINED -> List.of();
        };
    }

    static List<PaymentEvent> takeBack(PaymentState state, String orderId, String returnId, Money refund) {
        if (state.knowsReturn(returnId) || returnId.equals(state.returning())) {
            return List.of();
        }
        return switch (state.phase()) {
            case CAPTURED -> List.of(new ReturnRefundStarted(returnId, orderId, state.charge()));
            case REFUNDED, VOIDED, RELEASING, DECLINED ->
                List.of(new ReturnRefunded(returnId, orderId, Money.zero(refund.currency())));
            case NEW, COLLECTING, AUTHORIZING, AUTHORIZED, CAPTURING, RESOLVING, RETURNING, REFUNDING, VOIDING ->
                List.of(new ReturnRequested(orderId, returnId, refund));
        };
    }

    static List<PaymentEvent> voided(PaymentState state, String orderId, GatewayAnswer answer) {
        return switch (state.phase()) {
            case VOIDING ->
                answer.kind() == GatewayAnswer.Kind.DONE ? voidedNow(state, orderId) : failed(orderId, "void", answer);
            case RELEASING ->
                answer.kind() == GatewayAnswer.Kind.DONE
                        ? List.of(new AuthorizationReleased(orderId))
                        : failed(orderId, "void", answer);
            case RESOLVING -> resolved(state, orderId, answer);
            default -> List.of();
        };
    }

    static List<PaymentEvent> refunded(PaymentState state, String orderId, GatewayAnswer answer) {
        if (state.phase() != Phase.REFUNDING && state.phase() != Phase.RETURNING) {
            return List.of();
        }
        if (answer.kind() != GatewayAnswer.Kind.DONE) {
            return failed(orderId, "refund", answer);
        }
        List<PaymentEvent> events = new ArrayList<>();
        if (state.phase() == Phase.REFUNDING) {
            events.add(new ChargeRefunded(orderId, state.charge()));
            events.addAll(answerOpenReturns(state, orderId));
        } else {
            String returnId = Objects.requireNonNull(state.returning(), "returning");
            events.add(new ReturnRefunded(returnId, orderId, state.charge()));
            events.addAll(answerOpenReturns(state.answered(returnId), orderId));
            if (state.cancelled()) {
                events.add(new ChargeRefunded(orderId, Money.zero(state.charge().currency())));
            }
        }
        return List.copyOf(events);
    }

    /** Returns that nothing can be paid back for are answered all the same: whoever asked is waiting. */
    static List<PaymentEvent> answerOpenReturns(PaymentState state, String orderId) {
        return state.openReturns().stream()
                .<PaymentEvent>map(it -> new ReturnRefunded(it.returnId(), orderId, Money.zero(it.currency())))
                .toList();
    }

    /** The void tells what became of the capture: a payment is captured or voided, never both. */
    private static List<PaymentEvent> resolved(PaymentState state, String orderId, GatewayAnswer answer) {
        return switch (answer.kind()) {
            case REFUSED -> CollectionDecisions.captured(state, orderId);
            case UNKNOWN -> failed(orderId, "void", answer);
            case DONE -> {
                List<PaymentEvent> events = new ArrayList<>();
                if (!state.cancelled()) {
                    events.add(new CaptureRefused(orderId, CollectionDecisions.CAPTURE_FAILED));
                }
                events.addAll(voidedNow(state, orderId));
                yield List.copyOf(events);
            }
        };
    }

    private static List<PaymentEvent> voidedNow(PaymentState state, String orderId) {
        List<PaymentEvent> events = new ArrayList<>();
        events.add(new ChargeVoided(orderId, state.amount()));
        events.addAll(answerOpenReturns(state, orderId));
        return List.copyOf(events);
    }

    private static List<PaymentEvent> failed(String orderId, String operation, GatewayAnswer answer) {
        String reason = answer.kind() == GatewayAnswer.Kind.UNKNOWN
                ? CollectionDecisions.PROVIDER_UNAVAILABLE
                : Objects.requireNonNullElse(answer.reason(), "refused");
        return List.of(new SettlementFailed(orderId, operation, reason));
    }
}
