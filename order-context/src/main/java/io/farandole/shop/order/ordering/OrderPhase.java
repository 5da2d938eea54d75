package io.farandole.shop.order.ordering;

/** Where an order stands. */
public enum OrderPhase {
    /** Waits for stock and payment. */
    PENDING,
    /** A sale, whose payment is being captured. */
    CONFIRMED,
    /** A sale, paid. */
    FULFILLED,
    /** No sale. */
    CANCELLED,
    /** Was a sale, and went back. */
    RETURNED
}
