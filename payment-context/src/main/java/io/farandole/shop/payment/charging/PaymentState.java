package io.farandole.shop.payment.charging;

import io.farandole.shop.kernel.Money;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fold of a payment's events.
 *
 * @param amount to charge; null until it is known
 * @param confirmed the order was confirmed before the authorisation was known
 * @param cancelled the order was cancelled while the provider is taking or paying back money, or was settled afterwards
 * @param openReturns returns that were asked for and not answered yet
 * @param answeredReturns ids of the returns that were answered
 * @param returning the return that the provider was asked to pay back for
 * @param ordered what a caller is told who asked for the charge by itself; null if it follows an order
 */
record PaymentState(
        Phase phase,
        @Nullable Money amount,
        boolean stockSecured,
        boolean confirmed,
        boolean cancelled,
        List<OpenReturn> openReturns,
        Set<String> answeredReturns,
        @Nullable String returning,
        @Nullable Ordered ordered) {

    static final PaymentState NEW =
            new PaymentState(Phase.NEW, null, false, false, false, List.of(), Set.of(), null, null);

    /** A return that waits for its refund; the currency is needed to answer it if nothing is to be paid back. */
    record OpenReturn(String returnId, String currency) {}

    /**
     * A caller asked for it.
     *
     * @param refusal why it was not charged; null if that is not, or not yet, so
     */
    record Ordered(@Nullable String refusal) {}

    Money charge() {
        if (amount == null) {
            throw new IllegalStateException("A payment in phase " + phase + " has no amount");
        }
        return amount;
    }

    boolean knowsReturn(String returnId) {
        return answeredReturns.contains(returnId)
                || openReturns.stream().anyMatch(it -> it.returnId().equals(returnId));
    }

    PaymentState in(Phase next) {
        return new PaymentState(
                next, amount, stockSecured, confirmed, cancelled, openReturns, answeredReturns, returning, ordered);
    }

    PaymentState collecting() {
        return phase == Phase.NEW ? in(Phase.COLLECTING) : this;
    }

    PaymentState withAmount(Money charge) {
        return new PaymentState(
                phase, charge, stockSecured, confirmed, cancelled, openReturns, answeredReturns, returning, ordered);
    }

    PaymentState withStockSecured() {
        return new PaymentState(
                phase, amount, true, confirmed, cancelled, openReturns, answeredReturns, returning, ordered);
    }

    PaymentState withConfirmed() {
        return new PaymentState(
                phase, amount, stockSecured, true, cancelled, openReturns, answeredReturns, returning, ordered);
    }

    PaymentState withCancelled() {
        return new PaymentState(
                phase, amount, stockSecured, confirmed, true, openReturns, answeredReturns, returning, ordered);
    }

    PaymentState ordered(Money charge) {
        return new PaymentState(
                phase, charge, true, true, cancelled, openReturns, answeredReturns, returning, new Ordered(null));
    }

    PaymentState refused(String reason) {
        return ordered == null
                ? this
                : new PaymentState(
                        phase,
                        amount,
                        stockSecured,
                        confirmed,
                        cancelled,
                        openReturns,
                        answeredReturns,
                        returning,
                        new Ordered(reason));
    }

    PaymentState withReturn(OpenReturn open) {
        List<OpenReturn> returns = new ArrayList<>(openReturns);
        returns.add(open);
        return new PaymentState(
                phase,
                amount,
                stockSecured,
                confirmed,
                cancelled,
                List.copyOf(returns),
                answeredReturns,
                returning,
                ordered);
    }

    PaymentState returning(String returnId) {
        return new PaymentState(
                phase, amount, stockSecured, confirmed, cancelled, openReturns, answeredReturns, returnId, ordered);
    }

    PaymentState answered(String returnId) {
        Set<String> answered = new LinkedHashSet<>(answeredReturns);
        answered.add(returnId);
        List<OpenReturn> open = openReturns.stream()
                .filter(it -> !it.returnId().equals(returnId))
                .toList();
        return new PaymentState(phase, amount, stockSecured, confirmed, cancelled, open, answered, returning, ordered);
    }
}
