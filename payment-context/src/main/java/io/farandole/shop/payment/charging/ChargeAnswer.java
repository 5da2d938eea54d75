package io.farandole.shop.payment.charging;

import io.farandole.shop.kernel.Money;
import org.jspecify.annotations.Nullable;

/**
 * What a caller is answered.
 *
 * @param charge the payment afterwards
 * @param refusal why what was asked for cannot be, a stable code for programs; null if it is so, or is under way
 */
public record ChargeAnswer(Charge charge, @Nullable String refusal) {

    static ChargeAnswer toTake(Charge charge, Money wanted) {
        return switch (charge.status()) {
            case CHARGING, CHARGED, DECLINED ->
                new ChargeAnswer(charge, wanted.equals(charge.amount()) ? null : "other-amount");
            case CANCELLING, CANCELLED -> new ChargeAnswer(charge, "cancelled");
            case FOLLOWS_AN_ORDER -> new ChargeAnswer(charge, "follows-an-order");
        };
    }

    static ChargeAnswer toUndo(Charge charge) {
        return new ChargeAnswer(charge, charge.status() == Charge.Status.FOLLOWS_AN_ORDER ? "follows-an-order" : null);
    }
}
