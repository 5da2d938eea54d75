package io.farandole.shop.payment.charging;

import io.farandole.shop.kernel.Money;

/**
 * Asks the payment provider, later and outside any transaction: each request joins the current step's transaction, and its
 * answer comes back as a {@code Record…} command. One authorisation, capture, void and refund per order: asked again, it is
 * the same call.
 */
interface ProviderCalls {

    /** Answered by {@link PaymentCommand.RecordAuthorization}. */
    void authorize(String orderId, Money amount, String token);

    /** Answered by {@link PaymentCommand.RecordCapture}. */
    void capture(String orderId, Money amount);

    /** Answered by {@link PaymentCommand.RecordVoid}. */
    void cancel(String orderId, Money amount);

    /**
     * Answered by {@link PaymentCommand.RecordRefund}.
     *
     * @param processKey the process that waits for it: the order's id, or the return's
     */
    void refund(String processKey, String orderId, Money amount);
}
