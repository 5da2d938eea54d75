package io.farandole.shop.payment.gateway;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the payment provider is, and how long to wait for it.
 *
 * @param url its address; default {@code http://127.0.0.1:8090}
 * @param connectTimeout longest time to connect; default 2 s
 * @param timeout longest time from the request to the complete answer; default 10 s; keep it well below the lease of outside
 *     calls (60 s)
 */
@ConfigurationProperties("shop.payment.provider")
public record ProviderSettings(
        @DefaultValue("http://127.0.0.1:8090") URI url,
        @DefaultValue("2s") Duration connectTimeout,
        @DefaultValue("10s") Duration timeout) {

    public ProviderSettings {
        if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
            throw new IllegalArgumentException(
                    "shop.payment.provider.url must be an http or https address, not " + url);
        }
        positive("connect-timeout", connectTimeout);
        positive("timeout", timeout);
    }

    private static void positive(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException("shop.payment.provider." + name + " must be positive, not " + value);
        }
    }
}
