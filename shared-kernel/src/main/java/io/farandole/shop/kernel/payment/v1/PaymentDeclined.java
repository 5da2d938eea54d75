package io.farandole.shop.kernel.payment.v1;

/** The order will not be paid; nothing is held. */
public record PaymentDeclined(String orderId, String reason) {}
