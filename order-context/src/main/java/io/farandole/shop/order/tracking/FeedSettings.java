package io.farandole.shop.order.tracking;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The stream of status changes, {@code shop.order.feed.*}.
 *
 * @param maxClients most clients that follow at the same time; a further one is answered with 503. Default 1,000
 * @param timeLimit how long one stream lasts; the client connects again. Default 10 minutes
 * @param poll how often the database is asked, once for all clients, for changes that another instance made, and dead
 *     connections are found. Default 1 s
 */
@ConfigurationProperties("shop.order.feed")
public record FeedSettings(
        @DefaultValue("1000") int maxClients,
        @DefaultValue("10m") Duration timeLimit,
        @DefaultValue("1s") Duration poll) {

    public FeedSettings {
        if (maxClients < 1 || timeLimit.toMillis() < 1 || poll.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "shop.order.feed.max-clients, .time-limit and .poll are positive; see their descriptions");
        }
    }
}
