package io.farandole.audit.state;

import io.farandole.eventstore.JournalMessages;
import io.farandole.eventstore.JournalRow;
import io.farandole.eventstore.RegistrySerializer;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** What events make of an aggregate, wherever the events are from. Thread-safe. */
public final class AggregateFold {

    private final JournalMessages messages;
    private final RegistrySerializer serializer;
    private final Supplier<AggregateTypes> types;

    /**
     * Folds of aggregates.
     *
     * @param types which of them can be folded
     */
    public AggregateFold(JournalMessages messages, RegistrySerializer serializer, Supplier<AggregateTypes> types) {
        this.messages = messages;
        this.serializer = serializer;
        this.types = types;
    }

    /**
     * The fields of an aggregate after these events, its first ones; empty if there is no class for it, or none of the events can be read. What
     * cannot be read is left out.
     *
     * @throws IllegalArgumentException if a handler of the aggregate throws
     */
    public Optional<JsonNode> fold(String aggregateType, List<JournalRow> events) {
        Fold<?> fold = types.get().fold(aggregateType);
        if (fold == null) {
            return Optional.empty();
        }
        Walk walk = new Walk(messages, serializer, fold);
        try {
            events.forEach(walk::step);
        } catch (Walk.HandlerFailedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return Optional.ofNullable(walk.fields());
    }
}
