package io.farandole.rabbitmq;

import static io.farandole.rabbitmq.RejectionReason.BODY_TOO_LONG;
import static io.farandole.rabbitmq.RejectionReason.HEADER_TOO_LONG;
import static io.farandole.rabbitmq.RejectionReason.INVALID_JSON;
import static io.farandole.rabbitmq.RejectionReason.INVALID_UTF8;
import static io.farandole.rabbitmq.RejectionReason.MALFORMED_HEADER;
import static io.farandole.rabbitmq.RejectionReason.MALFORMED_TYPE;
import static io.farandole.rabbitmq.RejectionReason.MISSING_ID;
import static io.farandole.rabbitmq.RejectionReason.MISSING_PROCESS_KEY;
import static io.farandole.rabbitmq.RejectionReason.MISSING_SOURCE;
import static io.farandole.rabbitmq.RejectionReason.MISSING_TIME;
import static io.farandole.rabbitmq.RejectionReason.MISSING_TYPE;
import static io.farandole.rabbitmq.RejectionReason.SOURCE_MISMATCH;
import static io.farandole.rabbitmq.RejectionReason.USER_MISMATCH;

import com.rabbitmq.client.AMQP.BasicProperties;
import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;
import io.farandole.messaging.JsonCodec;
import io.farandole.messaging.Limits;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Events as AMQP messages and back.
 *
 * <table>
 *   <caption>The wire</caption>
 *   <tr><td>routing key, {@code type}</td><td>wire type, {@code order.order-placed.v1}</td></tr>
 *   <tr><td>{@code message_id}</td><td>event id</td></tr>
 *   <tr><td>{@code app_id}, {@code user_id}</td><td>the producing context; the broker refuses another's user id</td></tr>
 *   <tr><td>{@code content_type}, {@code delivery_mode}, {@code timestamp}</td>
 *       <td>{@code application/json}, 2, time to the second</td></tr>
 *   <tr><td>headers {@code cloudEvents:specversion|id|source|type|subject|time|datacontenttype}</td>
 *       <td>CloudEvents 1.0, binary mode; the time is exact here</td></tr>
 *   <tr><td>headers {@code farandole-process-key}, {@code farandole-sequence}, {@code farandole-correlation-id},
 *       {@code farandole-causation-id}, {@code traceparent}, {@code farandole-key-id}</td>
 *       <td>what a choreography needs besides; the last four are optional</td></tr>
 *   <tr><td>body</td><td>one JSON object, UTF-8</td></tr>
 * </table>
 *
 * <p>Both directions are strict, and what is refused says why. Immutable and thread-safe.
 */
public final class EnvelopeCodec {

    private final JsonCodec json;
    private final int maxBodyBytes;

    /** A codec for bodies up to {@link Limits#MAX_BODY_BYTES}. */
    public EnvelopeCodec() {
        this(new JsonCodec(), Limits.MAX_BODY_BYTES);
    }

    /**
     * A codec with a limit of its own.
     *
     * @param maxBodyBytes the longest body that is received; sending is bounded by {@link Limits#MAX_BODY_BYTES} as well
     */
    public EnvelopeCodec(JsonCodec json, int maxBodyBytes) {
        this.json = json;
        this.maxBodyBytes = maxBodyBytes;
    }

    /**
     * A message to publish.
     *
     * @param routingKey the wire type
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared; bodies are not copied
    public record Message(String routingKey, BasicProperties properties, byte[] body) {}

    /**
     * The message of an event.
     *
     * @throws RejectedMessageException if the event does not fit on the wire: a defect where it was committed
     */
    public Message encode(Envelope event) throws RejectedMessageException {
        byte[] body = event.body().getBytes(StandardCharsets.UTF_8);
        if (body.length > maxBodyBytes) {
            throw new RejectedMessageException(BODY_TOO_LONG, body.length + " bytes of at most " + maxBodyBytes);
        }
        var violation = Limits.violation(event);
        if (violation.isPresent()) {
            throw new RejectedMessageException(HEADER_TOO_LONG, violation.get());
        }
        if (!event.type().context().equals(event.source())) {
            throw new RejectedMessageException(
                    SOURCE_MISMATCH, "type " + event.type() + " does not belong to source " + event.source());
        }
        String wireType = event.type().wireType();
        Map<String, Object> headers = new LinkedHashMap<>();
        headers.put(WireHeaders.CE_SPECVERSION, "1.0");
        headers.put(WireHeaders.CE_ID, event.id());
        headers.put(WireHeaders.CE_SOURCE, event.source());
        headers.put(WireHeaders.CE_TYPE, wireType);
        putIfPresent(headers, WireHeaders.CE_SUBJECT, event.subject());
        headers.put(WireHeaders.CE_TIME, event.time().toString());
        headers.put(WireHeaders.CE_DATACONTENTTYPE, "application/json");
        headers.put(WireHeaders.PROCESS_KEY, event.processKey());
        headers.put(WireHeaders.SEQUENCE, event.sequence());
        putIfPresent(headers, WireHeaders.CORRELATION_ID, event.correlationId());
        putIfPresent(headers, WireHeaders.CAUSATION_ID, event.causationId());
        putIfPresent(headers, WireHeaders.TRACEPARENT, event.traceparent());
        putIfPresent(headers, WireHeaders.KEY_ID, event.keyId());
        BasicProperties properties = new BasicProperties.Builder()
                .messageId(event.id())
                .type(wireType)
                .appId(event.source())
                .userId(event.source())
                .contentType("application/json")
                .timestamp(Date.from(event.time()))
                .deliveryMode(2)
                .headers(headers)
                .build();
        return new Message(wireType, properties, body);
    }

    private static void putIfPresent(Map<String, Object> headers, String name, @Nullable String value) {
        if (value != null) {
            headers.put(name, value);
        }
    }

    /**
     * The event of a delivery.
     *
     * @param exchange the exchange that it came through, {@code order.events}; only that context can write to it
     * @throws RejectedMessageException if it is not an event
     */
    public Envelope decode(String exchange, BasicProperties properties, byte[] body) throws RejectedMessageException {
        return decode(exchange, properties.getUserId(), properties, body);
    }

    Envelope decode(String exchange, @Nullable String userId, BasicProperties properties, byte[] body)
            throws RejectedMessageException {
        if (body.length > maxBodyBytes) {
            throw new RejectedMessageException(BODY_TOO_LONG, body.length + " bytes of at most " + maxBodyBytes);
        }
        TextHeaders headers = new TextHeaders(properties.getHeaders());
        String id = required(MISSING_ID, "message_id", properties.getMessageId());
        TextHeaders.check("message_id", id);
        headers.requireSame(WireHeaders.CE_ID, id, MISSING_ID);
        EventType type = type(headers, properties);
        String source = source(exchange, userId, headers, properties, type);
        String processKey =
                required(MISSING_PROCESS_KEY, WireHeaders.PROCESS_KEY, headers.text(WireHeaders.PROCESS_KEY));
        Instant time = time(headers.text(WireHeaders.CE_TIME), properties.getTimestamp());
        return new Envelope(
                id,
                source,
                type,
                headers.text(WireHeaders.CE_SUBJECT),
                time,
                processKey,
                headers.number(WireHeaders.SEQUENCE),
                headers.text(WireHeaders.CORRELATION_ID),
                headers.text(WireHeaders.CAUSATION_ID),
                headers.text(WireHeaders.TRACEPARENT),
                headers.text(WireHeaders.KEY_ID),
                text(body));
    }

    private static String required(RejectionReason reason, String name, @Nullable String value)
            throws RejectedMessageException {
        if (value == null || value.isBlank()) {
            throw new RejectedMessageException(reason, name + " is missing or empty");
        }
        return value;
    }

    private static EventType type(TextHeaders headers, BasicProperties properties) throws RejectedMessageException {
        String wireType = required(MISSING_TYPE, "type", properties.getType());
        headers.requireSame(WireHeaders.CE_TYPE, wireType, MALFORMED_TYPE);
        try {
            return EventType.parse(wireType);
        } catch (IllegalArgumentException e) {
            throw new RejectedMessageException(MALFORMED_TYPE, "type is not <context>.<kebab-event>.v<version>");
        }
    }

    private static String source(
            String exchange, @Nullable String userId, TextHeaders headers, BasicProperties properties, EventType type)
            throws RejectedMessageException {
        String source = required(MISSING_SOURCE, WireHeaders.CE_SOURCE, headers.text(WireHeaders.CE_SOURCE));
        String appId = properties.getAppId();
        if (!type.context().equals(source) || (appId != null && !appId.equals(source))) {
            throw new RejectedMessageException(SOURCE_MISMATCH, "type, source and app_id name different contexts");
        }
        if (!exchange.equals(TopologySpec.exchangeOf(source))) {
            throw new RejectedMessageException(SOURCE_MISMATCH, "came through another exchange than its source's");
        }
        // Without a user id the exchange alone vouches: only its context may write to it.
        if (userId != null && !userId.equals(source)) {
            throw new RejectedMessageException(USER_MISMATCH, "the sender is not the source");
        }
        return source;
    }

    private static Instant time(@Nullable String exact, @Nullable Date coarse) throws RejectedMessageException {
        if (exact != null) {
            try {
                return OffsetDateTime.parse(exact).toInstant();
            } catch (DateTimeException e) {
                throw new RejectedMessageException(MALFORMED_HEADER, WireHeaders.CE_TIME + " is not an RFC 3339 time");
            }
        }
        if (coarse == null) {
            throw new RejectedMessageException(
                    MISSING_TIME, "neither " + WireHeaders.CE_TIME + " nor timestamp is there");
        }
        return coarse.toInstant();
    }

    /** A body's text, which is one JSON object. */
    String text(byte[] body) throws RejectedMessageException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RejectedMessageException(INVALID_UTF8, "the body is not UTF-8");
        }
        checkSyntax(text);
        return text;
    }

    private void checkSyntax(String text) throws RejectedMessageException {
        try (JsonParser parser = json.mapper().createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new RejectedMessageException(INVALID_JSON, "the body is not a JSON object");
            }
            parser.skipChildren();
            if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                throw new RejectedMessageException(INVALID_JSON, "something follows the JSON object, or it has no end");
            }
        } catch (JacksonException e) {
            throw new RejectedMessageException(
                    INVALID_JSON, "the body is not JSON within the limits of nesting and length");
        }
    }
}
