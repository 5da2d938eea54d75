package io.farandole.audit.state;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has changed between two points.
 *
 * @param aggregateType as stored with its events; null if they name none
 * @param from the version that is compared with
 * @param to the version that is compared
 * @param changes the fields that differ, each with the events that changed it; a field that was changed and changed back is not among them
 * @param events what happened in between, the last one included, each with the fields that it changed
 * @param notes what the states leave out, and why; empty if nothing
 */
public record AggregateDifference(
        String aggregateId,
        @Nullable String aggregateType,
        AggregateVersion from,
        AggregateVersion to,
        List<FieldChange> changes,
        List<Event> events,
        List<String> notes) {

    public AggregateDifference {
        changes = List.copyOf(changes);
        events = List.copyOf(events);
        notes = List.copyOf(notes);
    }

    /** An event, and what it changed. */
    public record Event(AggregateVersion version, List<FieldChange> changes) {

        public Event {
            changes = List.copyOf(changes);
        }
    }
}
