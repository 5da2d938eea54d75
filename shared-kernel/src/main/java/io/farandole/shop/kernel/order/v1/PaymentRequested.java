package io.farandole.shop.kernel.order.v1;

import io.farandole.shop.kernel.Money;

/** What is to be charged for an order, and how. Confidential: only payment may bind to it. */
public record PaymentRequested(String orderId, Money amount, String paymentToken) {

    /** Leaves the token out: it is a secret. */
    @Override
    public String toString() {
        return "PaymentRequested[orderId=" + orderId + ", amount=" + amount + "]";
    }
}
