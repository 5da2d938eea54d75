package io.farandole.audit.timeline;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event of a process, as one context's journal holds it, without its payload.
 *
 * @param position in that journal
 * @param own whether that context made it; else it heard it
 * @param source the context that made it
 * @param eventId unique together with the source
 * @param type name of the stored form, such as {@code order.order-placed}
 * @param version of the stored form
 * @param aggregateType of an own event of an aggregate; else null
 * @param aggregateId of an own event of an aggregate; what a received event is about, or null
 * @param sequence within the aggregate; own events of aggregates only
 * @param wireType under which others may know it; null if it is private
 * @param command that made it, without its package; null if none did, if it was received, or if an older version stored it
 * @param correlationId of the conversation
 * @param causationId the id of the event that caused it, or of the command with which it all began
 * @param occurredAt by the clock of the context that made it
 * @param recordedAt when it entered this journal, by its database's clock
 */
public record HistoryEvent(
        long position,
        boolean own,
        String source,
        String eventId,
        String type,
        int version,
        @Nullable String aggregateType,
        @Nullable String aggregateId,
        @Nullable Long sequence,
        @Nullable String wireType,
        @Nullable String command,
        @Nullable String correlationId,
        @Nullable String causationId,
        Instant occurredAt,
        Instant recordedAt) {}
