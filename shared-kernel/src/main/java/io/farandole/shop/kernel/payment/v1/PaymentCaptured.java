package io.farandole.shop.kernel.payment.v1;

import io.farandole.shop.kernel.Money;

/** The authorised amount was taken. */
public record PaymentCaptured(String orderId, Money amount) {}
