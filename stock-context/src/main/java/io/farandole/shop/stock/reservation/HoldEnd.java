package io.farandole.shop.stock.reservation;

/** How a caller's hold ended; the names are stored. */
public enum HoldEnd {
    /** The caller confirmed it. */
    CONFIRMED,
    /** The caller cancelled it. */
    CANCELLED,
    /** Nobody did either in time. */
    EXPIRED
}
