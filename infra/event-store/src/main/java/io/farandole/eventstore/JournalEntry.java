package io.farandole.eventstore;

import io.farandole.messaging.EventType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An own event to append.
 *
 * @param eventId unique in this context
 * @param aggregateType of the aggregate that made it; null if none did
 * @param aggregateId of that aggregate; null if none did
 * @param sequence of the event within its aggregate, from 0; null if there is no aggregate
 * @param type name and version of the payload
 * @param payload JSON text
 * @param metadata JSON text of an object: what has no field here; null if empty
 * @param processKey the process that the event belongs to
 * @param correlationId of the conversation
 * @param causationId of the message that caused the event
 * @param traceparent W3C trace context
 * @param wireType under which others may know it; null keeps it private
 * @param wirePayload JSON text of the published form; null if it equals the payload, or is not published
 * @param keyId reserved: the key that encrypts personal fields
 * @param occurredAt when it happened; kept to the microsecond
 */
public record JournalEntry(
        String eventId,
        @Nullable String aggregateType,
        @Nullable String aggregateId,
        @Nullable Long sequence,
        EventType type,
        String payload,
        @Nullable String metadata,
        String processKey,
        @Nullable String correlationId,
        @Nullable String causationId,
        @Nullable String traceparent,
        @Nullable EventType wireType,
        @Nullable String wirePayload,
        @Nullable String keyId,
        Instant occurredAt) {

    public JournalEntry {
        if (sequence != null && aggregateId == null) {
            throw new IllegalArgumentException(
                    "Event " + eventId + " (" + type + ") has a sequence number, but no aggregate");
        }
        if (wirePayload != null && wireType == null) {
            throw new IllegalArgumentException(
                    "Event " + eventId + " (" + type + ") has a published form, but no wire type");
        }
    }

    /** A private event of no aggregate, such as a deadline that passed. */
    public static JournalEntry of(
            String eventId, EventType type, String payload, String processKey, Instant occurredAt) {
        return new JournalEntry(
                eventId,
                null,
                null,
                null,
                type,
                payload,
                null,
                processKey,
                null,
                null,
                null,
                null,
                null,
                null,
                occurredAt);
    }

    /** Names the event without its payload, which may hold personal data. */
    @Override
    public String toString() {
        return "JournalEntry[" + type + " " + eventId + ", process " + processKey + "]";
    }
}
