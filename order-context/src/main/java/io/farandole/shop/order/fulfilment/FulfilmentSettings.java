package io.farandole.shop.order.fulfilment;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How orders are followed, {@code shop.order.*}.
 *
 * @param timeLimit how long an order may stay pending, counted from when it was placed; then it is cancelled. Positive;
 *     default 5 minutes
 */
@ConfigurationProperties("shop.order")
public record FulfilmentSettings(@DefaultValue("5m") Duration timeLimit) {

    public FulfilmentSettings {
        if (timeLimit.isNegative() || timeLimit.isZero()) {
            throw new IllegalArgumentException("shop.order.time-limit is a positive duration, not " + timeLimit);
        }
    }
}
