package io.farandole.messaging;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The closed registry of a context: which names mean which classes. What is not in it is never loaded; there is no way
 * from a name in a message or a row to a class except through this table.
 *
 * <p>Immutable and thread-safe. A class has one name; a name and version have one class.
 */
public final class EventTypes {

    private final Map<EventType, Class<?>> classes;
    private final Map<Class<?>, EventType> types;
    private final Map<Class<?>, Function<Object, String>> processKeys;

    private EventTypes(
            Map<EventType, Class<?>> classes,
            Map<Class<?>, EventType> types,
            Map<Class<?>, Function<Object, String>> processKeys) {
        this.classes = Collections.unmodifiableMap(new LinkedHashMap<>(classes));
        this.types = Map.copyOf(types);
        this.processKeys = Map.copyOf(processKeys);
    }

    /** Starts an empty registry. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * One registry of several.
     *
     * @throws IllegalArgumentException if two of them disagree about a name or a class
     */
    public static EventTypes merge(Collection<EventTypes> parts) {
        Builder builder = builder();
        for (EventTypes part : parts) {
            part.classes.forEach(builder::put);
            part.processKeys.forEach(builder.processKeys::put);
        }
        return builder.build();
    }

    /** The class for a name and version; empty if unknown here. */
    public Optional<Class<?>> classOf(EventType type) {
        return Optional.ofNullable(classes.get(type));
    }

    /** The name and version of a class; empty if it is not registered. */
    public Optional<EventType> find(Class<?> type) {
        return Optional.ofNullable(types.get(type));
    }

    /**
     * The name and version of a class.
     *
     * @throws IllegalArgumentException if it is not registered, saying how to do so
     */
    public EventType typeOf(Class<?> type) {
        EventType found = types.get(type);
        if (found == null) {
            throw new IllegalArgumentException(type.getName()
                    + " is not a registered event. Add it to the context's EventTypes bean:"
                    + " EventTypes.builder().event(\"<context>.<kebab-event>\", 1, " + type.getSimpleName()
                    + ".class)");
        }
        return found;
    }

    /** The process key that an event itself names; empty if its registration names none. */
    public Optional<String> processKeyOf(Object event) {
        Function<Object, String> key = processKeys.get(event.getClass());
        return key == null ? Optional.empty() : Optional.of(key.apply(event));
    }

    /** All registered names, in the order of registration. */
    public Collection<EventType> all() {
        return classes.keySet();
    }

    /** Collects registrations; not thread-safe. */
    public static final class Builder {

        private final Map<EventType, Class<?>> classes = new LinkedHashMap<>();
        private final Map<Class<?>, EventType> types = new LinkedHashMap<>();
        private final Map<Class<?>, Function<Object, String>> processKeys = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Registers an event whose process key is the one of the message that caused it, or else its aggregate's id.
         *
         * @throws IllegalArgumentException if the name or the class is registered otherwise already
         */
        public Builder event(String name, int version, Class<?> type) {
            put(new EventType(name, version), type);
            return this;
        }

        /** Registers an event that names its process key itself, such as an order id or a return id. */
        public <T> Builder event(String name, int version, Class<T> type, Function<? super T, String> processKey) {
            put(new EventType(name, version), type);
            processKeys.put(type, event -> processKey.apply(type.cast(event)));
            return this;
        }

        private void put(EventType type, Class<?> javaType) {
            Class<?> otherClass = classes.putIfAbsent(type, javaType);
            EventType otherType = types.putIfAbsent(javaType, type);
            if ((otherClass != null && otherClass != javaType) || (otherType != null && !otherType.equals(type))) {
                throw new IllegalArgumentException("Both " + javaType.getName() + " = " + type + " and "
                        + (otherClass != null ? otherClass.getName() : javaType.getName()) + " = "
                        + (otherType != null ? otherType : type)
                        + " are registered: a class has one name, and a name and version have one class");
            }
        }

        /** The finished registry. */
        public EventTypes build() {
            return new EventTypes(classes, types, processKeys);
        }
    }
}
