package io.farandole.audit.recording;

import tools.jackson.databind.JsonNode;

/**
 * What an aggregate had become by the events of a process, all of whose events up to then are among them.
 *
 * @param aggregateType as its events are stored with
 * @param sequence of its last event
 * @param state its fields
 */
public record RecordedAggregate(String aggregateId, String aggregateType, long sequence, JsonNode state) {

    /** Without the state, which may hold personal data. */
    @Override
    public String toString() {
        return "RecordedAggregate[" + aggregateType + " " + aggregateId + ", sequence " + sequence + "]";
    }
}
