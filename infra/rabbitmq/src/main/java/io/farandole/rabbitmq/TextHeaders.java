package io.farandole.rabbitmq;

import com.rabbitmq.client.LongString;
import io.farandole.messaging.Limits;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads AMQP headers as what they should be. */
final class TextHeaders {

    private final Map<String, Object> headers;

    TextHeaders(@Nullable Map<String, Object> headers) {
        this.headers = headers == null ? Map.of() : headers;
    }

    /** A header's text; null if it is not there. */
    @Nullable String text(String name) throws RejectedMessageException {
        Object value = headers.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof LongString bytes) {
            if (bytes.length() > Limits.MAX_HEADER_BYTES) {
                throw tooLong(name);
            }
        } else if (!(value instanceof String)) {
            throw new RejectedMessageException(RejectionReason.MALFORMED_HEADER, name + " is not text");
        }
        String text = value.toString();
        check(name, text);
        return text;
    }

    /** A header's whole number, 0 if it is not there. */
    long number(String name) throws RejectedMessageException {
        Object value = headers.get(name);
        if (value == null) {
            return 0;
        }
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        String text = text(name);
        try {
            return Long.parseLong(text == null ? "" : text);
        } catch (NumberFormatException e) {
            throw new RejectedMessageException(RejectionReason.MALFORMED_HEADER, name + " is not a whole number");
        }
    }

    void requireSame(String name, String expected, RejectionReason otherwise) throws RejectedMessageException {
        String value = text(name);
        if (value != null && !value.equals(expected)) {
            throw new RejectedMessageException(otherwise, name + " differs from the property that it repeats");
        }
    }

    /** Refuses what a store or a log could not hold. */
    static void check(String name, String text) throws RejectedMessageException {
        if (text.length() > Limits.MAX_HEADER_BYTES
                || text.getBytes(StandardCharsets.UTF_8).length > Limits.MAX_HEADER_BYTES) {
            throw tooLong(name);
        }
        // The zero character would make the store refuse a whole batch again and again. A replacement character is what
        // the client makes of bytes that are not UTF-8: two different keys could become one.
        if (Limits.hasControlCharacters(text) || text.indexOf('\uFFFD') >= 0) {
            throw new RejectedMessageException(
                    RejectionReason.MALFORMED_HEADER, name + " holds control characters, or is not UTF-8");
        }
    }

    private static RejectedMessageException tooLong(String name) {
        return new RejectedMessageException(
                RejectionReason.HEADER_TOO_LONG, name + " is over " + Limits.MAX_HEADER_BYTES + " bytes");
    }
}
