package io.farandole.shop.stock.reservation;

import java.time.Instant;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A reservation as its caller sees it.
 *
 * @param quantities pieces by product; empty if nothing was ever held
 * @param expiresAt when it is let go unless it is confirmed before; null if nothing was ever held for a caller
 * @param reason why it was refused, {@code insufficient-stock} or {@code unknown-product}; null otherwise
 * @param productId of what there is not enough; null if it was not refused
 */
public record Hold(
        String reservationId,
        Phase phase,
        SortedMap<String, Long> quantities,
        @Nullable Instant expiresAt,
        @Nullable String reason,
        @Nullable String productId) {

    /** Where it stands. */
    public enum Phase {
        /** Nobody has asked for anything under this id. */
        UNKNOWN,
        /** The goods are held until it is confirmed or cancelled, or expires. */
        HELD,
        /** They are sold. */
        CONFIRMED,
        /** They were let go, or will never be held. */
        CANCELLED,
        /** They were let go, for nobody confirmed in time. */
        EXPIRED,
        /** They could not be had. */
        REFUSED,
        /** It belongs to an order that is not conducted by a caller: its events move it, and nothing else does. */
        FOLLOWS_AN_ORDER
    }
}
