package io.farandole.acceptance.checker;

import org.jspecify.annotations.Nullable;

/**
 * One row of a context's journal.
 *
 * @param context whose journal it is
 * @param source who made the event
 * @param sequence of the aggregate; null for received events
 * @param wireType as published or received; null if private
 * @param wirePayload the published form; null where it equals the payload
 * @param sourceSequence received: the position in the producer's journal
 */
public record JournalRow(
        String context,
        long position,
        boolean own,
        String eventId,
        String source,
        @Nullable String aggregateId,
        @Nullable Long sequence,
        String payloadType,
        String payload,
        String processKey,
        @Nullable String causationId,
        @Nullable String wireType,
        @Nullable String wirePayload,
        @Nullable Long sourceSequence) {

    /** The body as it travels. */
    public String wireBody() {
        return wirePayload == null ? payload : wirePayload;
    }

    /** Whether others may know it. */
    public boolean isPublished() {
        return own && wireType != null;
    }

    /** Names the row without its body, which may hold secrets. */
    @Override
    public String toString() {
        return context + " #" + position + " " + (wireType == null ? payloadType : wireType)
                + (own ? "" : " from " + source + " #" + sourceSequence) + " (" + eventId + ")";
    }
}
