package io.farandole.shop.payment.payroll.bank;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where a bank is, and how it is asked.
 *
 * @param url {@code http://}, {@code https://}, {@code grpc://host:port} or, over TLS, {@code grpcs://host:port}; no default
 * @param parallelism payments asked for at the same time by this process, and beside them as many takings back; default 16
 * @param connectTimeout longest time to connect; default 2 s
 * @param timeout longest time from the request to the complete answer; default 10 s
 * @param initialBackoff pause after the first unknown outcome, doubled each time; default 200 ms
 * @param maxBackoff longest pause; default 30 s
 */
public record BankSettings(
        URI url,
        @DefaultValue("16") int parallelism,
        @DefaultValue("2s") Duration connectTimeout,
        @DefaultValue("10s") Duration timeout,
        @DefaultValue("200ms") Duration initialBackoff,
        @DefaultValue("30s") Duration maxBackoff) {

    /**
     * Fails if something is missing or makes no sense.
     *
     * @param name of the bank, to name the property
     */
    public void check(String name) {
        String prefix = "shop.payroll.banks." + name + ".";
        if (url == null || url.getHost() == null || !hasKnownScheme() || (isGrpc() && url.getPort() < 0)) {
            throw new IllegalArgumentException(prefix
                    + "url must be an http, https, grpc or grpcs address with a host, and a port for gRPC, not " + url);
        }
        if (parallelism < 1) {
            throw new IllegalArgumentException(prefix + "parallelism must be 1 or more, not " + parallelism);
        }
        positive(prefix + "connect-timeout", connectTimeout);
        positive(prefix + "timeout", timeout);
        positive(prefix + "initial-backoff", initialBackoff);
        if (maxBackoff.compareTo(initialBackoff) < 0) {
            throw new IllegalArgumentException(prefix + "max-backoff must not be below initial-backoff");
        }
    }

    private boolean hasKnownScheme() {
        return "http".equals(url.getScheme()) || "https".equals(url.getScheme()) || isGrpc();
    }

    boolean isGrpc() {
        return "grpc".equals(url.getScheme()) || isSecure();
    }

    /** Whether gRPC goes over TLS. */
    boolean isSecure() {
        return "grpcs".equals(url.getScheme());
    }

    private static void positive(String property, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(property + " must be positive, not " + value);
        }
    }
}
