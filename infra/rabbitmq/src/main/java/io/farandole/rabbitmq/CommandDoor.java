package io.farandole.rabbitmq;

import static io.farandole.messaging.command.RefusalReason.BODY_TOO_LONG;
import static io.farandole.messaging.command.RefusalReason.FOREIGN_REPLY_TO;
import static io.farandole.messaging.command.RefusalReason.MALFORMED_HEADER;
import static io.farandole.messaging.command.RefusalReason.MALFORMED_JSON;
import static io.farandole.messaging.command.RefusalReason.MISSING_ID;
import static io.farandole.messaging.command.RefusalReason.MISSING_USER_ID;
import static io.farandole.messaging.command.RefusalReason.TIME_LIMIT_PASSED;
import static io.farandole.messaging.command.RefusalReason.TYPE_MISMATCH;
import static io.farandole.messaging.command.RefusalReason.UNDELIVERABLE;
import static io.farandole.messaging.command.RefusalReason.UNKNOWN_TYPE;
import static io.farandole.messaging.command.RefusalReason.UNSUPPORTED_CONTENT;

import com.rabbitmq.client.AMQP.BasicProperties;
import io.farandole.messaging.JsonCodec;
import io.farandole.messaging.command.CommandOutcome.Refused;
import io.farandole.messaging.command.ReceivedCommand;
import io.farandole.messaging.command.RefusalReason;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Date;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes a command of a message, or a refusal with its reason. Never fails: whatever comes can be stored. Thread-safe.
 *
 * <p>Only to the sender, for whom the broker vouches, and only to queues of its own is anything answered: otherwise who may send commands
 * could have another one told what they like.
 */
final class CommandDoor {

    /** Until when a command may be carried out, RFC 3339. */
    static final String NOT_AFTER = "farandole-not-after";

    private static final Pattern JSON = Pattern.compile("(?i)application/json *(;.*)?");

    private final Set<String> accepted;
    private final int maxBody;
    private final Clock clock;
    private final EnvelopeCodec codec;

    CommandDoor(Set<String> accepted, int maxBody, Clock clock) {
        this.accepted = Set.copyOf(accepted);
        this.maxBody = maxBody;
        this.clock = clock;
        this.codec = new EnvelopeCodec(new JsonCodec(), maxBody);
    }

    /** {@code deadLettered}: it comes from the queue of what the broker has given up. */
    ReceivedCommand examine(String routingKey, BasicProperties properties, byte[] body, boolean deadLettered) {
        Draft draft = new Draft(routingKey, properties, body);
        Refused refused = null;
        try {
            draft.identify();
            if (deadLettered) {
                throw givenUp(properties);
            }
            draft.check();
        } catch (RefusedException e) {
            refused = Refused.of(e.reason, e.detail);
        } catch (RejectedMessageException e) {
            refused = Refused.of(MALFORMED_HEADER, e.detail());
        }
        return draft.command(refused);
    }

    private static RefusedException givenUp(BasicProperties properties) {
        String why = Originals.header(properties, "x-first-death-reason");
        return "expired".equals(why)
                ? new RefusedException(
                        TIME_LIMIT_PASSED, "Its expiration passed before it was received; it was not carried out")
                : new RefusedException(UNDELIVERABLE, "The broker gave up delivering it; it was not carried out");
    }

    private static final class RefusedException extends Exception {

        private static final long serialVersionUID = 1L;

        private final RefusalReason reason;
        private final String detail;

        private RefusedException(RefusalReason reason, String detail) {
            super(detail, null, false, false);
            this.reason = reason;
            this.detail = detail;
        }
    }

    /** What is known of one message so far. */
    private final class Draft {

        private final String routingKey;
        private final BasicProperties properties;
        private final byte[] body;
        private String sender = "";
        private String id = "unidentified:" + UUID.randomUUID();
        private String type = "";
        private @Nullable String replyTo;
        private @Nullable String correlationId;
        private @Nullable String traceparent;
        private @Nullable Instant notAfter;
        private @Nullable String text;

        private Draft(String routingKey, BasicProperties properties, byte[] body) {
            this.routingKey = routingKey;
            this.properties = properties;
            this.body = body;
        }

        /** Who sends, where the answer goes, and under which id: in this order, so that as much as possible can be answered. */
        private void identify() throws RefusedException, RejectedMessageException {
            String user = present("user_id", properties.getUserId());
            if (user == null) {
                throw new RefusedException(
                        MISSING_USER_ID, "user_id is missing: the broker does not vouch for the sender");
            }
            sender = user;
            String destination = present("reply_to", properties.getReplyTo());
            if (destination != null && !destination.equals(user) && !destination.startsWith(user + ".")) {
                throw new RefusedException(
                        FOREIGN_REPLY_TO, "reply_to is neither the sender's name nor begins with it and a dot");
            }
            replyTo = destination;
            correlationId = present("correlation_id", properties.getCorrelationId());
            String declared = present("type", properties.getType());
            type = declared == null ? routingKey : declared;
            String given = present("message_id", properties.getMessageId());
            if (given == null) {
                throw new RefusedException(
                        MISSING_ID, "message_id is missing: a repetition could not be told from a new command");
            }
            id = given;
        }

        private void check() throws RefusedException, RejectedMessageException {
            TextHeaders.check("routing key", routingKey);
            if (!type.equals(routingKey)) {
                throw new RefusedException(TYPE_MISMATCH, "type and routing key differ");
            }
            if (!accepted.contains(type)) {
                throw new RefusedException(UNKNOWN_TYPE, "No command of this type is accepted here");
            }
            TextHeaders headers = new TextHeaders(properties.getHeaders());
            traceparent = headers.text(WireHeaders.TRACEPARENT);
            notAfter = earlier(limit(headers.text(NOT_AFTER)), expiration());
            content();
        }

        private void content() throws RefusedException {
            String contentType = properties.getContentType();
            String encoding = properties.getContentEncoding();
            if ((contentType != null && !JSON.matcher(contentType).matches())
                    || (encoding != null && !encoding.equalsIgnoreCase("utf-8"))) {
                throw new RefusedException(
                        UNSUPPORTED_CONTENT, "The body is application/json in UTF-8, and not compressed");
            }
            if (body.length > maxBody) {
                throw new RefusedException(BODY_TOO_LONG, body.length + " bytes of at most " + maxBody);
            }
            try {
                text = codec.text(body);
            } catch (RejectedMessageException e) {
                throw new RefusedException(MALFORMED_JSON, e.detail());
            }
        }

        private static @Nullable Instant limit(@Nullable String given) throws RefusedException {
            try {
                return given == null ? null : OffsetDateTime.parse(given).toInstant();
            } catch (DateTimeException e) {
                throw new RefusedException(MALFORMED_HEADER, NOT_AFTER + " is not an RFC 3339 time");
            }
        }

        /** Counted from the timestamp, which has whole seconds; from now, where there is none, or it is ahead. */
        private @Nullable Instant expiration() throws RefusedException {
            String expiration = properties.getExpiration();
            if (expiration == null) {
                return null;
            }
            Instant now = clock.instant();
            Date sent = properties.getTimestamp();
            Instant from = sent == null ? now : earlier(now, sent.toInstant().plusSeconds(1));
            try {
                return Objects.requireNonNull(from).plusMillis(Long.parseLong(expiration));
            } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
                throw new RefusedException(MALFORMED_HEADER, "expiration is not a number of milliseconds");
            }
        }

        private ReceivedCommand command(@Nullable Refused refused) {
            return new ReceivedCommand(
                    sender,
                    id,
                    type,
                    fingerprint(),
                    refused == null ? text : null,
                    replyTo,
                    correlationId,
                    traceparent,
                    notAfter,
                    refused);
        }

        private String fingerprint() {
            try {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                digest.update(type.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
                return HexFormat.of().formatHex(digest.digest(body));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every Java platform has SHA-256", e);
            }
        }
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        return one == null || (other != null && other.isBefore(one)) ? other : one;
    }

    /** A property; null if it is missing or blank. */
    private static @Nullable String present(String name, @Nullable String value) throws RejectedMessageException {
        if (value == null || value.isBlank()) {
            return null;
        }
        TextHeaders.check(name, value);
        return value;
    }
}
