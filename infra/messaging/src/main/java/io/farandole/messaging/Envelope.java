package io.farandole.messaging;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A published event as it travels: CloudEvents attributes, what a choreography needs beside them, and the body.
 * The same event always travels with the same body under the same id.
 *
 * @param id of the event; unique per source
 * @param source the producing context, {@code order}
 * @param type name and version
 * @param subject the aggregate that the event is about, {@code order-7}
 * @param time when it happened
 * @param processKey the process that it belongs to: order of delivery is kept per process key
 * @param sequence the producer's position of the event: rises per source, with gaps
 * @param correlationId of the whole conversation
 * @param causationId of the message that caused this event
 * @param traceparent W3C trace context, if there was one
 * @param keyId the key that encrypts personal fields; reserved, null today
 * @param body JSON text; UTF-8 on the wire
 */
public record Envelope(
        String id,
        String source,
        EventType type,
        @Nullable String subject,
        Instant time,
        String processKey,
        long sequence,
        @Nullable String correlationId,
        @Nullable String causationId,
        @Nullable String traceparent,
        @Nullable String keyId,
        String body) {

    /** Names the event without its body: bodies may hold personal data. */
    @Override
    public String toString() {
        return "Envelope[" + source + " " + type + " " + id + ", process " + processKey + ", " + body.length()
                + " characters]";
    }
}
