package io.farandole.shop.order.coordination;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The coordinator, {@code shop.order.coordination.*}; off unless any of these is set.
 *
 * @param stockUrl the stock service's address; needed
 * @param paymentUrl the payment service's address; needed
 * @param connectTimeout longest time to connect to either; default 2 s
 * @param timeout longest time from a request to its complete answer; default 5 s
 * @param timeLimit until a reservation or a charge without an answer is given up, and cancelled; default 2 min; keep it above
 *     payment's {@code shop.payment.authorization-time-limit} and below stock's {@code shop.stock.reservation-expiry}
 * @param settlementTimeLimit until a confirmation or a cancellation without an answer is told to be late, and asked for again; default
 *     7 days
 */
@ConfigurationProperties("shop.order.coordination")
record CoordinationSettings(
        @Nullable URI stockUrl,
        @Nullable URI paymentUrl,
        @DefaultValue("2s") Duration connectTimeout,
        @DefaultValue("5s") Duration timeout,
        @DefaultValue("2m") Duration timeLimit,
        @DefaultValue("7d") Duration settlementTimeLimit) {

    CoordinationSettings {
        requireAddress("stock-url", stockUrl);
        requireAddress("payment-url", paymentUrl);
        requirePositive("connect-timeout", connectTimeout);
        requirePositive("timeout", timeout);
        requirePositive("time-limit", timeLimit);
        requirePositive("settlement-time-limit", settlementTimeLimit);
    }

    private static void requireAddress(String name, @Nullable URI address) {
        if (address == null || !("http".equals(address.getScheme()) || "https".equals(address.getScheme()))) {
            throw new IllegalArgumentException("shop.order.coordination." + name
                    + " must be an http or https address, not " + address
                    + ": a coordinator needs both participants; set neither, and nothing else of shop.order.coordination,"
                    + " to do without it");
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException("shop.order.coordination." + name + " must be positive, not " + value);
        }
    }
}
