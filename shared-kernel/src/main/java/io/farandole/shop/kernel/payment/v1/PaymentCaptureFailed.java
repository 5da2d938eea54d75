package io.farandole.shop.kernel.payment.v1;

/** The authorised amount could not be taken, and will not be. */
public record PaymentCaptureFailed(String orderId, String reason) {}
