package io.farandole.messaging;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What fits on the wire. Checked where an event is born, so that nothing is committed that could never be published, and
 * again by sender and receiver.
 */
public final class Limits {

    /** The longest header value, in bytes of UTF-8: AMQP clients cut off what is longer. */
    public static final int MAX_HEADER_BYTES = 1024;

    /** The longest event id, in bytes of UTF-8: an AMQP short string. */
    public static final int MAX_ID_BYTES = 255;

    /** The longest body, in bytes of UTF-8: 1 MiB. */
    public static final int MAX_BODY_BYTES = 1 << 20;

    private Limits() {}

    /** Why an event cannot travel, in a few words without its values; empty if it can. Bodies up to {@link #MAX_BODY_BYTES}. */
    public static Optional<String> violation(Envelope event) {
        String found = id(event.id());
        found = found != null ? found : header("source", event.source());
        found = found != null ? found : header("subject", event.subject());
        found = found != null ? found : header("process key", event.processKey());
        found = found != null ? found : header("correlation id", event.correlationId());
        found = found != null ? found : header("causation id", event.causationId());
        found = found != null ? found : header("traceparent", event.traceparent());
        found = found != null ? found : header("key id", event.keyId());
        if (found == null && longerThan(event.body(), MAX_BODY_BYTES)) {
            found = "the body is longer than " + MAX_BODY_BYTES + " bytes";
        }
        return Optional.ofNullable(found);
    }

    private static @Nullable String id(String id) {
        if (id.isEmpty() || longerThan(id, MAX_ID_BYTES)) {
            return "the id is empty or longer than " + MAX_ID_BYTES + " bytes";
        }
        return header("id", id);
    }

    private static @Nullable String header(String name, @Nullable String value) {
        if (value == null) {
            return null;
        }
        if (longerThan(value, MAX_HEADER_BYTES)) {
            return "the " + name + " is longer than " + MAX_HEADER_BYTES + " bytes";
        }
        return hasControlCharacters(value) ? "the " + name + " holds control characters" : null;
    }

    /** Whether a text holds control characters; databases refuse the zero character, logs are forged with line breaks. */
    public static boolean hasControlCharacters(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    private static boolean longerThan(String text, int bytes) {
        // A character takes one to three bytes: most texts are decided without encoding them.
        if (text.length() > bytes) {
            return true;
        }
        return text.length() > bytes / 3 && text.getBytes(StandardCharsets.UTF_8).length > bytes;
    }
}
