package io.farandole.messaging;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who follows which published event, as declared in the published language. A producer publishes what is followed with
 * {@code mandatory}, so that a missing binding is told; a consumer's handlers and the broker's bindings are compared with it.
 *
 * <p>Immutable and thread-safe.
 */
public final class Followers {

    private final Map<EventType, Set<String>> followers;

    private Followers(Map<EventType, Set<String>> followers) {
        Map<EventType, Set<String>> copy = emptyMap();
        followers.forEach((type, contexts) -> copy.put(type, Collections.unmodifiableSet(new TreeSet<>(contexts))));
        this.followers = Collections.unmodifiableMap(copy);
    }

    private static Map<EventType, Set<String>> emptyMap() {
        return new TreeMap<>(Comparator.comparing(EventType::wireType));
    }

    /** Starts an empty declaration. */
    public static Builder builder() {
        return new Builder();
    }

    /** One declaration of several: the followers of a type are the union. */
    public static Followers merge(Collection<Followers> parts) {
        Builder builder = builder();
        parts.forEach(part -> part.followers.forEach(builder::add));
        return builder.build();
    }

    /** The contexts that follow a type, in alphabetical order; empty if nobody is declared. */
    public Set<String> of(EventType type) {
        return followers.getOrDefault(type, Set.of());
    }

    /** Every declared type, followed or not. */
    public Set<EventType> types() {
        return followers.keySet();
    }

    /** Collects declarations; not thread-safe. */
    public static final class Builder {

        private final Map<EventType, Set<String>> followers = emptyMap();

        private Builder() {}

        /** Declares the followers of a published type; none is possible too. */
        public Builder add(EventType type, Collection<String> contexts) {
            followers.computeIfAbsent(type, unused -> new TreeSet<>()).addAll(contexts);
            return this;
        }

        /** The finished declaration. */
        public Followers build() {
            return new Followers(followers);
        }
    }
}
