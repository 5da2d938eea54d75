package io.farandole.boot.alert;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who is told of parked processes and overdue steps.
 *
 * @param webhookUrl where each alert is posted once, as JSON; none by default: metrics and the log tell then
 * @param interval how often the context is looked at. Positive; default 10 s
 * @param tellWithin for how long the webhook is tried for an alert. Positive; default 1 day
 * @param retention how long an alert is remembered once its cause is gone. Default 30 days
 */
@ConfigurationProperties("farandole.alerts")
public record AlertProperties(
        @Nullable URI webhookUrl,
        @DefaultValue("10s") Duration interval,
        @DefaultValue("1d") Duration tellWithin,
        @DefaultValue("30d") Duration retention) {

    public AlertProperties {
        requirePositive(interval, "interval");
        requirePositive(tellWithin, "tell-within");
        if (webhookUrl != null
                && (webhookUrl.getHost() == null
                        || !Set.of("http", "https").contains(String.valueOf(webhookUrl.getScheme())))) {
            throw new IllegalArgumentException("farandole.alerts.webhook-url is an http or https address");
        }
    }

    private static void requirePositive(Duration duration, String name) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("farandole.alerts." + name + " is a positive duration, not " + duration);
        }
    }
}
