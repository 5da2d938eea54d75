package io.farandole.eventstore;

import io.farandole.messaging.EventType;
import java.util.function.Consumer;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads an event of an older version as one of a later version: whoever handles it knows the later one only. What is stored stays as it was
 * written. As a bean it is part of the context's upcasters, in the order of {@code @Order}: an older version's before a later one's.
 *
 * <p>For own and for received events alike. A context whose handlers know version 2 of another one's event, and that has an upcaster from
 * version 1, follows both: so both may come side by side while the producer's instances are replaced. Thread-safe if the change is.
 */
public final class JsonUpcaster extends SingleEventUpcaster {

    private final EventType from;
    private final EventType to;
    private final SerializedType fromType;
    private final SerializedType toType;
    private final Consumer<ObjectNode> change;

    private JsonUpcaster(EventType from, EventType to, Consumer<ObjectNode> change) {
        this.from = from;
        this.to = to;
        this.fromType = type(from);
        this.toType = type(to);
        this.change = change;
    }

    /**
     * From a version to the next one.
     *
     * @param name of the event, {@code order.order-placed}
     * @param version the older one; the later one is the next
     * @param change makes the older version's fields into those of the later one; a pure function of them
     */
    public static JsonUpcaster of(String name, int version, Consumer<ObjectNode> change) {
        return between(new EventType(name, version), new EventType(name, version + 1), change);
    }

    /** From any type to any other, such as an event's new name. */
    public static JsonUpcaster between(EventType from, EventType to, Consumer<ObjectNode> change) {
        if (from.equals(to)) {
            throw new IllegalArgumentException(
                    "An upcaster leads from a type to another one, not from " + from + " to itself: raise the version");
        }
        return new JsonUpcaster(from, to, change);
    }

    private static SerializedType type(EventType type) {
        return new SimpleSerializedType(type.name(), Integer.toString(type.version()));
    }

    /** What it reads. */
    public EventType from() {
        return from;
    }

    /** As what it reads that. */
    public EventType to() {
        return to;
    }

    @Override
    protected boolean canUpcast(IntermediateEventRepresentation event) {
        return fromType.equals(event.getType());
    }

    @Override
    protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
        return event.upcastPayload(toType, JsonNode.class, this::changed);
    }

    private JsonNode changed(JsonNode stored) {
        if (!(stored instanceof ObjectNode fields)) {
            throw new IllegalStateException(
                    "Event " + from + " is not stored as a JSON object: it cannot be read as " + to);
        }
        ObjectNode copy = fields.deepCopy();
        change.accept(copy);
        return copy;
    }

    @Override
    public String toString() {
        return "JsonUpcaster[" + from + " to " + to + "]";
    }
}
