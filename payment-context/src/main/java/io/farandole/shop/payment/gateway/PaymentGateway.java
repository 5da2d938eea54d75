package io.farandole.shop.payment.gateway;

import io.farandole.shop.kernel.Money;

/**
 * The payment provider.
 *
 * <p>What this context relies on, and what every adapter's provider must keep: the same idempotency key has one effect and
 * one answer. A payment is either captured or voided, never both: a void after a capture is refused, a capture after a void
 * too. A void is final, and may come before the authorisation: one that arrives later is refused.
 *
 * <p>Implementations block the calling thread for a bounded time, are thread-safe, and are called with no transaction open.
 * A refusal is an answer; a time-out, a lost connection or an outage is {@link GatewayAnswer.Kind#UNKNOWN}. No message,
 * exception or {@code toString} holds the token.
 */
public interface PaymentGateway {

    /** Asks the provider to hold an amount. */
    GatewayAnswer authorize(String paymentId, Money amount, String token, String idempotencyKey);

    /** Takes what is held. */
    GatewayAnswer capture(String paymentId, Money amount, String idempotencyKey);

    /** Gives up what is held, or will be: nothing can be authorised or captured afterwards. */
    GatewayAnswer cancel(String paymentId, Money amount, String idempotencyKey);

    /** Pays back what was taken. */
    GatewayAnswer refund(String paymentId, Money amount, String idempotencyKey);
}
