package io.farandole.bench.raw;

import com.rabbitmq.client.AMQP.BasicProperties;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import org.axonframework.common.IdentifierFactory;
import org.jspecify.annotations.Nullable;

/**
 * An event, own or received.
 *
 * @param wireType as which it is published or came; null if it is private
 * @param wireBody what is published; null where it equals the body
 */
record RawEvent(
        String id,
        String source,
        String type,
        String body,
        String processKey,
        String correlationId,
        String causationId,
        @Nullable String wireType,
        @Nullable String wireBody,
        Instant at) {

    /** A private event, caused by another. */
    static RawEvent of(String type, String body, RawEvent cause) {
        return published(type, body, null, null, cause);
    }

    /** A published event, caused by another. */
    static RawEvent published(
            String type, String body, @Nullable String wireType, @Nullable String wireBody, RawEvent cause) {
        return new RawEvent(
                IdentifierFactory.getInstance().generateIdentifier(),
                type.substring(0, type.indexOf('.')),
                type,
                body,
                cause.processKey,
                cause.correlationId,
                cause.id,
                wireType,
                wireBody,
                Instant.now());
    }

    /** Type, key, headers as the choreography sends them. */
    BasicProperties properties(String user) {
        Map<String, Object> headers = new HashMap<>();
        headers.put("cloudEvents:specversion", "1.0");
        headers.put("cloudEvents:id", id);
        headers.put("cloudEvents:source", source);
        headers.put("cloudEvents:type", wireType);
        headers.put("cloudEvents:subject", processKey);
        headers.put("cloudEvents:time", at.toString());
        headers.put("cloudEvents:datacontenttype", "application/json");
        headers.put("farandole-process-key", processKey);
        headers.put("farandole-sequence", 1L);
        headers.put("farandole-correlation-id", correlationId);
        headers.put("farandole-causation-id", causationId);
        return new BasicProperties.Builder()
                .messageId(id)
                .type(wireType)
                .appId(source)
                .userId(user)
                .contentType("application/json")
                .timestamp(Date.from(at))
                .deliveryMode(2)
                .headers(headers)
                .build();
    }

    byte[] message() {
        return (wireBody == null ? body : wireBody).getBytes(StandardCharsets.UTF_8);
    }

    /** The event of a delivery. */
    static RawEvent received(BasicProperties properties, byte[] message) {
        Map<String, Object> headers = properties.getHeaders();
        String wireType = properties.getType();
        return new RawEvent(
                properties.getMessageId(),
                properties.getAppId(),
                wireType.substring(0, wireType.lastIndexOf('.')),
                new String(message, StandardCharsets.UTF_8),
                String.valueOf(headers.get("farandole-process-key")),
                String.valueOf(headers.get("farandole-correlation-id")),
                String.valueOf(headers.get("farandole-causation-id")),
                wireType,
                null,
                Instant.parse(String.valueOf(headers.get("cloudEvents:time"))));
    }

    /** The text that follows a key in the body; there is no JSON parser here. */
    String text(String key) {
        String before = "\"" + key + "\":\"";
        int start = body.indexOf(before) + before.length();
        return body.substring(start, body.indexOf('"', start));
    }
}
