package io.farandole.shop.stock.reservation;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How reservations are held, {@code shop.stock.*}.
 *
 * @param reservationExpiry how long goods are held for an order that is neither confirmed nor cancelled; keep it well above
 *     the order context's time limit, which is the rule, for this is the exception. Positive; default 30 minutes
 */
@ConfigurationProperties("shop.stock")
public record ReservationSettings(@DefaultValue("30m") Duration reservationExpiry) {

    public ReservationSettings {
        if (reservationExpiry.isNegative() || reservationExpiry.isZero()) {
            throw new IllegalArgumentException(
                    "shop.stock.reservation-expiry is a positive duration, not " + reservationExpiry);
        }
    }
}
