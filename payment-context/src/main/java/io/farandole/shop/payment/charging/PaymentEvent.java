package io.farandole.shop.payment.charging;

import io.farandole.shop.kernel.Money;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a payment, as this context remembers it. None of these holds the payment token: that stays in the
 * received {@code order.payment-requested}, in the saga's state until the authorisation is asked for, and in the outside
 * call until that is closed and purged.
 */
public sealed interface PaymentEvent {

    /** The order that is paid for; also the payment's id, here and at the provider. */
    String orderId();

    /** The state after this event. Never refuses. */
    PaymentState evolve(PaymentState state);

    /** The amount to charge is known. */
    record ChargeRequested(String orderId, Money amount) implements PaymentEvent {
        @Override
        public PaymentState evolve(PaymentState state) {
            return state.collecting().withAmount(amount);
        }
    }

    /** A caller who conducts by itself asked for it: it is authorised and captured in one go. */
    record ChargeOrdered(String orderId, Money amount) implements PaymentEvent {
        @Override
        public PaymentState evolve(PaymentState state) {
            return state.collecting().ordered(amount);
        }
    }

    /** The stock is reserved: from now on the payment may be authorised. */
    record StockSecured(String orderId) implements PaymentEvent {
        @Override
        public PaymentState evolve(PaymentState state) {
            return state.collecting().withStockSecured();
        }
    }

    /** The order was confirmed before the authorisation was known: it will be captured as soon as it is. */
    record ChargeConfirmed(String orderId) implements PaymentEvent {
        @Override
        public PaymentState evolve(PaymentState state) {
            return state.collecting().withConfirmed();
        }
    }

    /** The order was cancelled while the provider is taking or paying back money: settled when that is known. */
    record ChargeCancelled(String orderId) implements PaymentEvent {
        @Override
        public PaymentState evolve(PaymentState state) {
            return state.withCancelled();
        }
    }

    /** The order comes back, and there is nothing to pay back yet. */
    record ReturnRequested(String orderId, String returnId, Money refund) implements PaymentEvent {
        @Override
        public PaymentState evolve(PaymentState state) {
            return state.collecting().withReturn(new PaymentState.OpenReturn(returnId, refund.currency()));
        }
    }

    /** The provider is to hold the amount. */
    record AuthorizationStarted(String orderId, Money amount) implements PaymentEvent {
        @Override
        public PaymentState evolve(PaymentState state) {
            return state.in(Phase.AUTHORIZING);
        }
    }

    /** The provider holds the amount. */
    record ChargeAuthorized(String orderId, Money amount) implements PaymentEvent {
        @Override
        public PaymentState evolve(PaymentState state) {
            return state.in(Phase.AUTHORIZED);
        }
    }

    /** The order will not be paid. */
    record ChargeDeclined(String orderId, Money amount, String reason) implements PaymentEvent {
        @Override
        public PaymentState evolve(PaymentState state) {
            return state.in(Phase.DECLINED).refused(reason);
        }
    }

    /** The provider is to take the amount. */
    record CaptureStarted(String orderId, Money amount) implements PaymentEvent {
        @Override
        public PaymentState evolve(PaymentState state) {
            return state.in(Phase.CAPTURING);
        }
    }

    /** Nobody knows whether the amount was taken. The void that is asked for now decides it. */
    record CaptureUnresolved(String orderId, Money amount) implements PaymentEvent {
        @Override
        public PaymentState evolve(PaymentState state) {
            return state.in(Phase.RESOLVING);
        }
    }

    /** The provider took the amount. */
    record ChargeCaptured(String orderId, Money amount) implements PaymentEvent {
        @Override
        public PaymentState evolve(PaymentState state) {
            return state.in(Phase.CAPTURED);
        }
    }

    /** The amount was not taken, and will not be. */
    record CaptureRefused(String orderId, String reason) implements PaymentEvent {
        @Override
        public PaymentState evolve(PaymentState state) {
            return state.refused(reason);
        }
    }

    /** The provider is to give up the authorisation. */
    record VoidStarted(String orderId, Money amount) implements PaymentEvent {
        @Override
        public PaymentState evolve(PaymentState state) {
            return state.in(state.phase() == Phase.DECLINED ? Phase.RELEASING : Phase.VOIDING);
        }
    }

    /**
     * The payment was given up before anything was taken.
     *
     * @param amount what it was about; null if the order was cancelled before that was known
     */
    record ChargeVoided(String orderId, @Nullable Money amount) implements PaymentEvent {
        @Override
        public PaymentState evolve(PaymentState state) {
            return state.in(Phase.VOIDED);
        }
    }

    /** What an authorisation with unknown outcome may have left at the provider is given up. */
    record AuthorizationReleased(String orderId) implements PaymentEvent {
        @Override
        public PaymentState evolve(PaymentState state) {
            return state.in(Phase.DECLINED);
        }
    }

    /** The provider is to pay back, for the order was cancelled. */
    record RefundStarted(String orderId, Money amount) implements PaymentEvent {
        @Override
        public PaymentState evolve(PaymentState state) {
            return state.in(Phase.REFUNDING);
        }
    }

    /**
     * A cancelled order is settled.
     *
     * @param amount what was paid back for it; zero if a return had been paid back before
     */
    record ChargeRefunded(String orderId, Money amount) implements PaymentEvent {
        @Override
        public PaymentState evolve(PaymentState state) {
            return state.in(Phase.REFUNDED).withCancelled();
        }
    }

    /** The provider is to pay back, for the order comes back. */
    record ReturnRefundStarted(String returnId, String orderId, Money amount) implements PaymentEvent {
        @Override
        public PaymentState evolve(PaymentState state) {
            return state.in(Phase.RETURNING).returning(returnId);
        }
    }

    /**
     * A return is settled.
     *
     * @param amount what was paid back for it; zero if nothing had been taken, or it had been paid back before
     */
    record ReturnRefunded(String returnId, String orderId, Money amount) implements PaymentEvent {
        @Override
        public PaymentState evolve(PaymentState state) {
            PaymentState answered = state.answered(returnId);
            return state.phase() == Phase.RETURNING ? answered.in(Phase.REFUNDED) : answered;
        }
    }

    /**
     * The provider refused to void or refund, or could not be asked within the time limit: money hangs, and a person has
     * to look at it.
     *
     * @param operation {@code void} or {@code refund}
     */
    record SettlementFailed(String orderId, String operation, String reason) implements PaymentEvent {
        @Override
        public PaymentState evolve(PaymentState state) {
            return state;
        }
    }
}
