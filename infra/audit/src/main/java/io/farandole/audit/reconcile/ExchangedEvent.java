package io.farandole.audit.reconcile;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event as one side holds it, without its body.
 *
 * @param position in the producer's journal
 * @param eventId of the event
 * @param type the wire type; null at the producer for an event that is not published
 * @param processKey of its process
 * @param body a digest of its body, as it travels
 * @param recordedAt when this side committed it
 */
public record ExchangedEvent(
        long position, String eventId, @Nullable String type, String processKey, String body, Instant recordedAt) {}
