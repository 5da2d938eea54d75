package io.farandole.axon;

import java.util.List;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;

/** Finds a parked event again, by its position in the journal. Thread-safe; joins the thread's transaction. */
@FunctionalInterface
public interface EventsAt {

    /**
     * The event at a position: one, or several if upcasting makes several of it, or none if it is not there or its type
     * is unknown now.
     */
    List<TrackedEventMessage<?>> position(long position);

    /** Through an engine whose tokens are positions of one sequence, as the journal's are. */
    static EventsAt of(EventStorageEngine engine) {
        return position -> {
            try (var events = engine.readEvents(new GlobalSequenceTrackingToken(position - 1), false)) {
                return events.takeWhile(event -> BatchAttempt.positionOf(event) == position)
                        .<TrackedEventMessage<?>>map(event -> event)
                        .toList();
            }
        };
    }
}
