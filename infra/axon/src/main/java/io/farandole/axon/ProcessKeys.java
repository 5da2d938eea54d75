package io.farandole.axon;

import io.farandole.messaging.Headers;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;

/**
 * The process key of an event: what sagas keep order by, choose a segment by, and park. For other handlers see {@link Sequencing}.
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
}
