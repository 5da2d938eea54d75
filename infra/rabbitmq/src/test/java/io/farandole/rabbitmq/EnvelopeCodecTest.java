package io.farandole.rabbitmq;

import static io.farandole.rabbitmq.RejectionReason.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.impl.LongStringHelper;
import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeCodecTest {

    private static final String EXCHANGE = "order.events";

    private final EnvelopeCodec codec = new EnvelopeCodec();
    private final Envelope event = Events.event(Events.PLACED, "e-1", "order-1", 7);

    private EnvelopeCodec.Message message() {
        try {
            return codec.encode(event);
        } catch (RejectedMessageException e) {
            throw new AssertionError(e);
        }
    }

    private void assertRejected(RejectionReason reason, BasicProperties properties, byte[] body) {
        assertRejected(reason, EXCHANGE, properties, body);
    }

    private void assertRejected(RejectionReason reason, String exchange, BasicProperties properties, byte[] body) {
        RejectedMessageException rejection =
                catchThrowableOfType(RejectedMessageException.class, () -> codec.decode(exchange, properties, body));
        assertThat(rejection).isNotNull();
        assertThat(rejection.reason()).isEqualTo(reason);
        assertThat(rejection.getMessage()).startsWith(reason.code()).doesNotContain("personal");
    }

    private BasicProperties with(String header, @Nullable Object value) {
        Map<String, Object> headers = new HashMap<>(message().properties().getHeaders());
        if (value == null) {
            headers.remove(header);
        } else {
            headers.put(header, value);
        }
        return message().properties().builder().headers(headers).build();
    }

    private void assertRejectedBody(RejectionReason reason, byte[] body) {
        assertRejected(reason, message().properties(), body);
    }

    @Test
    void bringsAnEventOverTheWireUnchanged() throws Exception {
        EnvelopeCodec.Message message = codec.encode(event);
        assertThat(codec.decode(EXCHANGE, message.properties(), message.body())).isEqualTo(event);
    }

    @Test
    void readsHeadersAsTheClientDeliversThem() throws Exception {
        Map<String, Object> headers = new LinkedHashMap<>();
        message()
                .properties()
                .getHeaders()
                .forEach((name, value) ->
                        headers.put(name, value instanceof String text ? LongStringHelper.asLongString(text) : value));
        BasicProperties delivered =
                message().properties().builder().headers(headers).build();
        assertThat(codec.decode(EXCHANGE, delivered, message().body())).isEqualTo(event);
    }

    @Test
    void writesWhatTheWireFormatSays() {
        EnvelopeCodec.Message message = message();
        BasicProperties properties = message.properties();
        assertThat(message.routingKey()).isEqualTo("order.order-placed.v1").isEqualTo(properties.getType());
        assertThat(properties.getMessageId()).isEqualTo("e-1");
        assertThat(properties.getAppId()).isEqualTo("order").isEqualTo(properties.getUserId());
        assertThat(properties.getContentType()).isEqualTo("application/json");
        assertThat(properties.getDeliveryMode()).isEqualTo(2);
        assertThat(properties.getTimestamp()).isNotNull();
        assertThat(properties.getHeaders())
                .containsEntry("cloudEvents:specversion", "1.0")
                .containsEntry("cloudEvents:id", "e-1")
                .containsEntry("cloudEvents:source", "order")
                .containsEntry("cloudEvents:type", "order.order-placed.v1")
                .containsEntry("cloudEvents:subject", "order-1")
                .containsEntry("cloudEvents:time", "2026-11-20T10:15:30.123456Z")
                .containsEntry("cloudEvents:datacontenttype", "application/json")
                .containsEntry("farandole-process-key", "order-1")
                .containsEntry("farandole-sequence", 7L)
                .containsEntry("farandole-correlation-id", "correlation-order-1")
                .containsKey("traceparent")
                .doesNotContainKeys("farandole-causation-id", "farandole-key-id");
    }

    @Test
    void rejectsWhatIsMissing() {
        byte[] body = message().body();
        assertRejected(
                MISSING_ID, message().properties().builder().messageId(null).build(), body);
        assertRejected(
                MISSING_ID, message().properties().builder().messageId(" ").build(), body);
        assertRejected(MISSING_TYPE, message().properties().builder().type(null).build(), body);
        assertRejected(MISSING_SOURCE, with(WireHeaders.CE_SOURCE, null), body);
        assertRejected(MISSING_PROCESS_KEY, with(WireHeaders.PROCESS_KEY, null), body);
        assertRejected(MISSING_PROCESS_KEY, with(WireHeaders.PROCESS_KEY, ""), body);
        assertRejected(MISSING_ID, new BasicProperties(), body);
        BasicProperties timeless =
                with(WireHeaders.CE_TIME, null).builder().timestamp(null).build();
        assertRejected(MISSING_TIME, timeless, body);
    }

    @Test
    void rejectsWhatContradictsItself() {
        byte[] body = message().body();
        assertRejected(MISSING_ID, with(WireHeaders.CE_ID, "another"), body);
        assertRejected(MALFORMED_TYPE, with(WireHeaders.CE_TYPE, "order.order-cancelled.v1"), body);
        assertRejected(SOURCE_MISMATCH, with(WireHeaders.CE_SOURCE, "stock"), body);
        assertRejected(
                SOURCE_MISMATCH, message().properties().builder().appId("stock").build(), body);
        assertRejected(SOURCE_MISMATCH, "stock.events", message().properties(), body);
        assertRejected(
                USER_MISMATCH, message().properties().builder().userId("stock").build(), body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "order.OrderPlaced.v1",
                "io.farandole.Order",
                "order.order-placed",
                "order.order-placed.v0"
            })
    void rejectsATypeOfAnotherForm(String type) {
        BasicProperties properties =
                with(WireHeaders.CE_TYPE, null).builder().type(type).build();
        assertRejected(MALFORMED_TYPE, properties, message().body());
    }

    @Test
    void rejectsHeadersThatAStoreCouldNotHold() {
        byte[] body = message().body();
        assertRejected(HEADER_TOO_LONG, with(WireHeaders.PROCESS_KEY, "k".repeat(1025)), body);
        assertRejected(
                HEADER_TOO_LONG, with(WireHeaders.CE_SUBJECT, LongStringHelper.asLongString("k".repeat(1025))), body);
        assertRejected(MALFORMED_HEADER, with(WireHeaders.PROCESS_KEY, "a\u0000b"), body);
        assertRejected(MALFORMED_HEADER, with(WireHeaders.CORRELATION_ID, "a\nb"), body);
        assertRejected(
                MALFORMED_HEADER,
                with(WireHeaders.PROCESS_KEY, LongStringHelper.asLongString(new byte[] {(byte) 0xff})),
                body);
        assertRejected(MALFORMED_HEADER, with(WireHeaders.PROCESS_KEY, 12), body);
        assertRejected(MALFORMED_HEADER, with(WireHeaders.PROCESS_KEY, List.of("k")), body);
        assertRejected(MALFORMED_HEADER, with(WireHeaders.SEQUENCE, "seven"), body);
        assertRejected(MALFORMED_HEADER, with(WireHeaders.CE_TIME, "yesterday"), body);
        assertRejected(
                MALFORMED_HEADER,
                message().properties().builder().messageId("a\u0007").build(),
                body);
    }

    @Test
    void rejectsABodyThatIsNoJsonObject() {
        assertRejectedBody(INVALID_UTF8, new byte[] {'{', '"', (byte) 0xc3, '"', ':', '1', '}'});
        for (String body :
                List.of("", " ", "null", "[]", "1", "{", "{}{}", "{} x", "{\"a\":}", "{a:1}", "{\"a\":\"\u0000\"}")) {
            assertRejectedBody(INVALID_JSON, body.getBytes(StandardCharsets.UTF_8));
        }
        String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        assertRejectedBody(INVALID_JSON, deep.getBytes(StandardCharsets.UTF_8));
        byte[] huge = new byte[(1 << 20) + 1];
        Arrays.fill(huge, (byte) ' ');
        assertRejectedBody(BODY_TOO_LONG, huge);
    }

    @Test
    void rejectsAtTheSenderWhatCouldNotBeRead() {
        for (Envelope unfit : List.of(
                Events.event(Events.PLACED, "e-1", "k".repeat(1025), 1),
                Events.event(Events.PLACED, "e".repeat(256), "k", 1),
                new Envelope("e", "stock", Events.PLACED, null, Events.TIME, "k", 1, null, null, null, null, "{}"),
                new Envelope(
                        "e",
                        "order",
                        Events.PLACED,
                        null,
                        Events.TIME,
                        "k",
                        1,
                        null,
                        null,
                        null,
                        null,
                        "x".repeat((1 << 20) + 1)))) {
            assertThat(catchThrowableOfType(RejectedMessageException.class, () -> codec.encode(unfit)))
                    .isNotNull();
        }
    }

    @Test
    void fallsBackOnTheCoarseTimeAndNoSequence() throws Exception {
        BasicProperties plain = with(WireHeaders.CE_TIME, null);
        assertThat(codec.decode(EXCHANGE, plain, message().body()).time())
                .isEqualTo(Events.TIME.truncatedTo(java.time.temporal.ChronoUnit.MILLIS));
        assertThat(codec.decode(
                                EXCHANGE,
                                with(WireHeaders.SEQUENCE, null),
                                message().body())
                        .sequence())
                .isZero();
        assertThat(codec.decode(
                                EXCHANGE,
                                with(WireHeaders.SEQUENCE, "12"),
                                message().body())
                        .sequence())
                .isEqualTo(12);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void answersAnyBytesWithAnEventOrAReason(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] body = message().body();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(codec.decode(EXCHANGE, message().properties(), body).id())
                        .isEqualTo("e-1");
            } catch (RejectedMessageException e) {
                assertThat(e.reason()).isIn(INVALID_UTF8, INVALID_JSON);
            }
        }
    }

    @Test
    void readsATypeThatNobodyHereKnows() throws Exception {
        Envelope unknown = Events.event(new EventType("order.order-teleported", 42), "e-9", "k", 1);
        EnvelopeCodec.Message message = codec.encode(unknown);
        assertThat(codec.decode(EXCHANGE, message.properties(), message.body())).isEqualTo(unknown);
    }
}
