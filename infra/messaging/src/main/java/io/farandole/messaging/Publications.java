package io.farandole.messaging;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which private events of a context become published ones, and how: pure functions from the private form to the
 * published language. What has no entry never leaves the context. A private event yields at most one published event; two
 * facts are two events.
 *
 * <p>Immutable and thread-safe. The functions run in the command's transaction, so they must neither block nor have
 * effects; what they throw fails the command.
 */
public final class Publications {

    private final Map<Class<?>, Function<Object, Object>> translators;

    private Publications(Map<Class<?>, Function<Object, Object>> translators) {
        this.translators = Map.copyOf(translators);
    }

    /** Starts an empty collection. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * One collection of several.
     *
     * @throws IllegalArgumentException if two of them translate the same class
     */
    public static Publications merge(Collection<Publications> parts) {
        Builder builder = builder();
        parts.forEach(part -> part.translators.forEach(builder::put));
        return builder.build();
    }

    /** The published form of a private event; empty if others may not know it. */
    public Optional<Object> publish(Object privateEvent) {
        Function<Object, Object> translator = translators.get(privateEvent.getClass());
        return translator == null ? Optional.empty() : Optional.of(translator.apply(privateEvent));
    }

    /** Collects translators; not thread-safe. */
    public static final class Builder {

        private final Map<Class<?>, Function<Object, Object>> translators = new HashMap<>();

        private Builder() {}

        /**
         * Publishes events of one private class.
         *
         * @param translator a pure function; its result's class must be registered in {@link EventTypes}
         * @throws IllegalArgumentException if the class has a translator already
         */
        public <T> Builder publish(Class<T> privateType, Function<? super T, ?> translator) {
            put(privateType, event -> translator.apply(privateType.cast(event)));
            return this;
        }

        private void put(Class<?> privateType, Function<Object, Object> translator) {
            if (translators.putIfAbsent(privateType, translator) != null) {
                throw new IllegalArgumentException(privateType.getName()
                        + " has two translators: a private event yields at most one published event");
            }
        }

        /** The finished collection. */
        public Publications build() {
            return new Publications(translators);
        }
    }
}
