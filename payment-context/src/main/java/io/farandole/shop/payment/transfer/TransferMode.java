package io.farandole.shop.payment.transfer;

/** How the two banks are kept together. */
public enum TransferMode {
    /** One transaction over both databases. */
    XA,
    /** A local transaction after the other, and one that undoes. */
    SAGA
}
