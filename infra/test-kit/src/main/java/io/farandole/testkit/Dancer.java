package io.farandole.testkit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One context of a {@link Dance}: its name, its Spring Boot application, and what it may bind to. Immutable.
 *
 * @param context its name, {@code order}
 * @param application the class with {@code @SpringBootApplication}
 * @param follows the wire types that its broker user may bind to, as in production
 * @param properties Spring properties beside those that the kit sets (data source, broker, a free port)
 */
public record Dancer(String context, Class<?> application, List<String> follows, Map<String, String> properties) {

    public Dancer {
        follows = List.copyOf(follows);
        properties = Map.copyOf(properties);
    }

    /** A context that follows nobody yet. */
    public static Dancer of(String context, Class<?> application) {
        return new Dancer(context, application, List.of(), Map.of());
    }

    /** The same context, allowed to follow these wire types ({@code order.order-placed.v1}). */
    public Dancer following(String... wireTypes) {
        return new Dancer(context, application, List.of(wireTypes), properties);
    }

    /** The same context with one more property. */
    public Dancer with(String property, String value) {
        Map<String, String> more = new LinkedHashMap<>(properties);
        more.put(property, value);
        return new Dancer(context, application, follows, more);
    }
}
