package io.farandole.audit.state;

import io.farandole.eventstore.JournalRow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A version of an aggregate: the event that led to it.
 *
 * @param sequence of the event within the aggregate
 * @param position in the journal
 * @param type registered name and version, as stored
 * @param causationId the event that has caused it, or the command that nothing stored has caused; null if it is not known
 * @param processKey the process that it belongs to
 * @param raw the stored payload, where it could not be read; null where it was
 * @param note why it could not be read, and that the state is without it; null where it was
 */
public record AggregateVersion(
        long sequence,
        long position,
        String eventId,
        String type,
        Instant occurredAt,
        @Nullable String causationId,
        @Nullable String correlationId,
        String processKey,
        @Nullable String raw,
        @Nullable String note) {

    static AggregateVersion of(JournalRow row) {
        Long sequence = row.sequence();
        if (sequence == null) {
            throw new IllegalArgumentException(row + " is no aggregate's");
        }
        return new AggregateVersion(
                sequence,
                row.position(),
                row.eventId(),
                row.payloadType() + ".v" + row.payloadVersion(),
                row.occurredAt(),
                row.causationId(),
                row.correlationId(),
                row.processKey(),
                null,
                null);
    }

    AggregateVersion unread(String payload, String why) {
        return new AggregateVersion(
                sequence, position, eventId, type, occurredAt, causationId, correlationId, processKey, payload, why);
    }

    /** Names the event without its payload, which may hold personal data. */
    @Override
    public String toString() {
        return "AggregateVersion[" + sequence + " " + type + " " + eventId + " at " + position + "]";
    }
}
