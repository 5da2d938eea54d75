package io.farandole.shop.stock.reservation;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How many orders wait for goods that others hold, and how long, {@code shop.stock.waiting-list.*}. An order waits only if it says so.
 *
 * @param maxLength how many orders may wait for one product; a further one is rejected. 0: nobody waits. Default 10,000
 * @param longestWait how long an order waits at most, whatever it would accept, counted from when it was placed. Positive; default 1 hour
 */
@ConfigurationProperties("shop.stock.waiting-list")
public record WaitingListSettings(@DefaultValue("10000") int maxLength, @DefaultValue("1h") Duration longestWait) {

    public WaitingListSettings {
        if (maxLength < 0) {
            throw new IllegalArgumentException(
                    "shop.stock.waiting-list.max-length is 0 or a positive number, not " + maxLength);
        }
        if (longestWait.isNegative() || longestWait.isZero()) {
            throw new IllegalArgumentException(
                    "shop.stock.waiting-list.longest-wait is a positive duration, not " + longestWait);
        }
    }
}
