package io.farandole.shop.payment.transfer;

/** Where a transfer stands, as others may see it. */
enum TransferStatus {
    PENDING,
    COMPLETED,
    REFUSED,
    PARKED
}
