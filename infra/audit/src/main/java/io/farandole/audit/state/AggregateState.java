package io.farandole.audit.state;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an aggregate looked like.
 *
 * @param aggregateType as stored with its events; null if they name none
 * @param version the last event that the state includes
 * @param lastSequence of the aggregate's last event now
 * @param state its fields, or null if this program has no class for it any more
 * @param deleted whether it was marked as deleted by then
 * @param notes what the state leaves out, and why; empty if nothing
 */
public record AggregateState(
        String aggregateId,
        @Nullable String aggregateType,
        AggregateVersion version,
        long lastSequence,
        @Nullable JsonNode state,
        boolean deleted,
        List<String> notes) {

    public AggregateState {
        notes = List.copyOf(notes);
    }

    /** Without the state, which may hold personal data. */
    @Override
    public String toString() {
        return "AggregateState[" + aggregateType + " " + aggregateId + ", " + version + "]";
    }
}
