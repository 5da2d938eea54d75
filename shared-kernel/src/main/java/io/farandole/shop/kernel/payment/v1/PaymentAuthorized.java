package io.farandole.shop.kernel.payment.v1;

import io.farandole.shop.kernel.Money;

/** The payment provider holds the amount for us. */
public record PaymentAuthorized(String orderId, Money amount) {}
