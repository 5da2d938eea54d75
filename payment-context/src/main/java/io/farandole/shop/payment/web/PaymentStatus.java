package io.farandole.shop.payment.web;

/** Where a payment stands, as others may see it. */
enum PaymentStatus {
    AUTHORIZED,
    DECLINED,
    CAPTURED,
    VOIDED,
    REFUNDED
}
