package io.farandole.eventstore;

import io.farandole.messaging.JsonCodec;
import java.util.List;
import java.util.stream.Stream;
import org.axonframework.eventhandling.EventUtils;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.serialization.upcasting.event.EventUpcaster;

/**
 * Rows of the journal as Axon's messages, as handlers and aggregates are given them: upcast, with the metadata of the columns, each with the
 * row's token. Immutable and thread-safe.
 */
public final class JournalMessages {

    private final RegistrySerializer serializer;
    private final EventUpcaster upcasters;
    private final JsonCodec codec;

    /** Messages of the events that a serializer knows. */
    public JournalMessages(RegistrySerializer serializer, EventUpcaster upcasters) {
        this.serializer = serializer;
        this.upcasters = upcasters;
        this.codec = serializer.codec();
    }

    /**
     * The messages of one row: one, or as many as the upcasters make of it. The payload is read when it is asked for; where nobody knows its
     * type any more, it is an {@link org.axonframework.serialization.UnknownSerializedType}.
     */
    public List<TrackedEventMessage<?>> of(JournalRow row) {
        return EventUtils.upcastAndDeserializeTrackedEvents(
                        Stream.of(JournalEventData.of(row, codec)), serializer, upcasters)
                .toList();
    }
}
