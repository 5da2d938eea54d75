package io.farandole.shop.kernel.payment.v1;

/** The payment was given up before anything was captured; nothing is held, nothing will be taken. */
public record PaymentVoided(String orderId) {}
