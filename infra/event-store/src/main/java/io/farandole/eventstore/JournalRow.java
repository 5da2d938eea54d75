package io.farandole.eventstore;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event as the journal holds it; see {@code V1_0__journal.sql} for the columns.
 *
 * @param position in the order of the journal
 * @param own whether this context made it; else it was received
 * @param source the context that made it
 * @param aggregateId the aggregate of an own event; what a received one is about
 * @param sequence within the aggregate; own events only
 * @param metadata JSON object; null if empty
 * @param wireType the published name and version; null for a private event
 * @param wirePayload the published form; null if it equals the payload
 * @param sourceSequence the position in the producer's journal; received events only
 */
public record JournalRow(
        long position,
        boolean own,
        String eventId,
        String source,
        @Nullable String aggregateType,
        @Nullable String aggregateId,
        @Nullable Long sequence,
        String payloadType,
        int payloadVersion,
        String payload,
        @Nullable String metadata,
        String processKey,
        @Nullable String correlationId,
        @Nullable String causationId,
        @Nullable String traceparent,
        @Nullable String wireType,
        @Nullable String wirePayload,
        @Nullable Long sourceSequence,
        @Nullable String keyId,
        Instant occurredAt) {

    /** Whether others may know this event: the relay publishes these. */
    public boolean published() {
        return own && wireType != null;
    }

    /** Roughly how much memory the texts take, in characters. */
    int characters() {
        return 500
                + payload.length()
                + (metadata == null ? 0 : metadata.length())
                + (wirePayload == null ? 0 : wirePayload.length());
    }

    /** Names the event without its payload, which may hold personal data. */
    @Override
    public String toString() {
        return "JournalRow[" + position + " " + source + " " + payloadType + ".v" + payloadVersion + " " + eventId
                + ", process " + processKey + "]";
    }
}
