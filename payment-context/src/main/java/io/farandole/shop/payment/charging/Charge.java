package io.farandole.shop.payment.charging;

import io.farandole.shop.kernel.Money;
import org.jspecify.annotations.Nullable;

/**
 * A payment as its caller sees it.
 *
 * @param amount what it is about; null if it was undone before that was said
 * @param reason why it was declined; null if it was not
 */
public record Charge(String chargeId, Status status, @Nullable Money amount, @Nullable String reason) {

    /** Where it stands. */
    public enum Status {
        /** The provider is being asked: ask again. */
        CHARGING,
        /** The amount was taken. */
        CHARGED,
        /** Nothing was taken, nor will be. */
        DECLINED,
        /** It is being undone: ask again. */
        CANCELLING,
        /** Undone: nothing is held or taken, nor will be. */
        CANCELLED,
        /** It belongs to an order whose events move it, and nothing else does. */
        FOLLOWS_AN_ORDER
    }

    static Charge of(String chargeId, PaymentState state) {
        PaymentState.Ordered ordered = state.ordered();
        String reason = ordered == null ? null : ordered.refusal();
        return new Charge(chargeId, status(state), state.amount(), reason);
    }

    private static Status status(PaymentState state) {
        PaymentState.Ordered ordered = state.ordered();
        if (ordered == null) {
            return state.phase() == Phase.VOIDED ? Status.CANCELLED : Status.FOLLOWS_AN_ORDER;
        }
        return switch (state.phase()) {
            case NEW, COLLECTING, AUTHORIZING, AUTHORIZED, CAPTURING, RESOLVING ->
                state.cancelled() ? Status.CANCELLING : Status.CHARGING;
            case CAPTURED -> Status.CHARGED;
            case DECLINED, RELEASING -> Status.DECLINED;
            case REFUNDING, RETURNING -> Status.CANCELLING;
            case VOIDING -> ordered.refusal() == null ? Status.CANCELLING : Status.DECLINED;
            case VOIDED -> ordered.refusal() == null ? Status.CANCELLED : Status.DECLINED;
            case REFUNDED -> Status.CANCELLED;
        };
    }
}
