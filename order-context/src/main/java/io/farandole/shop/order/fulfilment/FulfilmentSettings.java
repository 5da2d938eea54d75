package io.farandole.shop.order.fulfilment;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How orders are followed, {@code shop.order.*}.
 *
 * @param timeLimit how long an order may stay pending, counted from when it was placed; then it is cancelled. Positive;
 *     default 5 minutes. What is still awaited after that is told to be overdue, and looked at again after twice as long each time
 * @param returnTimeLimit how long the goods and the money of a return may be on their way before it is told to be overdue.
 *     Positive; default 14 days
 */
@ConfigurationProperties("shop.order")
public record FulfilmentSettings(
        @DefaultValue("5m") Duration timeLimit, @DefaultValue("14d") Duration returnTimeLimit) {

    public FulfilmentSettings {
        requirePositive(timeLimit, "shop.order.time-limit");
        requirePositive(returnTimeLimit, "shop.order.return-time-limit");
    }

    private static void requirePositive(Duration duration, String property) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(property + " is a positive duration, not " + duration);
        }
    }
}
