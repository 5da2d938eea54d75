package io.farandole.shop.order.tracking;

/** What a customer is told of an order. */
public enum OrderStatus {
    /** Waits for stock and payment. */
    PENDING,
    /** A sale. */
    CONFIRMED,
    /** No sale; the reason says why. */
    CANCELLED,
    /** Was a sale, and goes back. */
    RETURNED
}
