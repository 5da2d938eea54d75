package io.farandole.boot;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;

/** Health details that may be absent. */
final class Details {

    private Details() {}

    static void add(Health.Builder builder, String name, @Nullable Object value) {
        if (value != null) {
            builder.withDetail(name, value.toString());
        }
    }
}
