package io.farandole.boot;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What a service must say about itself.
 *
 * @param context the bounded context's name, in kebab case: {@code order}. It names the exchange, the queues, the broker's
 *     user, and is the source of every event. Required.
 */
@ConfigurationProperties("farandole")
public record ContextSettings(@Nullable String context) {

    String requiredContext() {
        if (context == null || !context.matches("[a-z][a-z0-9-]{0,99}")) {
            throw new FarandoleConfigurationException(
                    context == null
                            ? "The property farandole.context is not set."
                            : "The property farandole.context is '" + context + "'.",
                    "Set farandole.context to the bounded context's name in kebab case, such as order.");
        }
        return context;
    }
}
