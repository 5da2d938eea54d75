package io.farandole.axon;

import java.util.List;
import org.axonframework.eventhandling.EventMessage;

/**
 * An event that a person has decided to leave out of a process.
 *
 * @param position in the journal
 * @param eventId its id
 * @param eventType the class of its payload; its registered name if the event cannot be read
 * @param messages what the handler would have been given: one, or several where upcasting makes several, or none if the event
 *     cannot be read any more (its type is not registered)
 */
public record LeftOutEvent(long position, String eventId, String eventType, List<EventMessage<?>> messages) {

    /** Keeps a copy. */
    public LeftOutEvent {
        messages = List.copyOf(messages);
    }

    /** Without payload, which may hold personal data. */
    @Override
    public String toString() {
        return "LeftOutEvent[" + eventType + " " + eventId + " at " + position + "]";
    }
}
