package io.farandole.shop.order.coordination;

/** Where an order stands that is conducted. */
public enum CoordinatedStatus {
    /** The participants are being asked. */
    PENDING,
    /** Reserved, paid, sold. */
    CONFIRMED,
    /** No sale. What was done for it is undone once the order is closed. */
    CANCELLED
}
