package io.farandole.shop.payment.charging;

import io.farandole.shop.kernel.Money;

/**
 * What a caller who conducts a process by itself can ask of a payment. Each may come twice, too late or in vain; each is answered
 * with a {@link ChargeAnswer}. It is the same payment that an order's events move.
 */
public sealed interface ChargeCommand {

    /** The payment, by a name that the caller chooses; also its process key, and its id at the provider. */
    String chargeId();

    /**
     * Takes an amount: authorises and captures it.
     *
     * @param token how it is paid; a secret
     */
    record TakeCharge(String chargeId, Money amount, String token) implements ChargeCommand {

        /** Leaves the token out: it is a secret. */
        @Override
        public String toString() {
            return "TakeCharge[chargeId=" + chargeId + ", amount=" + amount + "]";
        }
    }

    /** Undoes what was done, or will be: nothing is taken in the end, and one that comes later is refused. */
    record UndoCharge(String chargeId) implements ChargeCommand {}

    /** Where it stands; changes nothing. */
    record ShowCharge(String chargeId) implements ChargeCommand {}
}
