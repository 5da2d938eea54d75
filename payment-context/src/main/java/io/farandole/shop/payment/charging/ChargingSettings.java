package io.farandole.shop.payment.charging;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long the provider is asked for an answer.
 *
 * @param authorizationTimeLimit until an order is declined for want of an answer; default 30 s, which is to be well below the
 *     order's own time limit
 * @param captureTimeLimit until a capture without an answer is given up, and found out by a void; default 10 min
 * @param settlementTimeLimit until a void or refund without an answer is left to a person; default 7 days
 */
@ConfigurationProperties("shop.payment")
public record ChargingSettings(
        @DefaultValue("30s") Duration authorizationTimeLimit,
        @DefaultValue("10m") Duration captureTimeLimit,
        @DefaultValue("7d") Duration settlementTimeLimit) {

    public ChargingSettings {
        positive("authorization-time-limit", authorizationTimeLimit);
        positive("capture-time-limit", captureTimeLimit);
        positive("settlement-time-limit", settlementTimeLimit);
    }

    private static void positive(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException("shop.payment." + name + " must be positive, not " + value);
        }
    }
}
