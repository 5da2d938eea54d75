package io.farandole.axon;

import io.farandole.messaging.Headers;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.async.SequencingPolicy;

/**
 * The process key of an event: what order is kept by, what a segment is chosen by, and what is parked.
 *
 * <p>Stateless and thread-safe.
 */
public final class ProcessKeys {

    private ProcessKeys() {}

    /**
     * The process key of an event: its header {@link Headers#PROCESS_KEY}, which every event of the journal has; of an
     * event that comes from elsewhere (a test fixture) its aggregate's id, or else its own id.
     */
    public static String of(EventMessage<?> event) {
        Object key = event.getMetaData().get(Headers.PROCESS_KEY);
        if (key != null) {
            return key.toString();
        }
        return event instanceof DomainEventMessage<?> domainEvent
                ? domainEvent.getAggregateIdentifier()
                : event.getIdentifier();
    }

    /**
     * Handles all events of a process in one segment, in order. The segment depends on {@link String#hashCode()}, which is
     * specified and so the same in every JVM.
     */
    public static SequencingPolicy<EventMessage<?>> sequencing() {
        return ProcessKeys::of;
    }
}
