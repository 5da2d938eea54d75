package io.farandole.rabbitmq;

/** Why a message cannot be an event. The codes are stable: they stand in headers, metrics and logs. */
public enum RejectionReason {
    /** No {@code message_id}, an empty one, or one that differs from {@code cloudEvents:id}. */
    MISSING_ID("missing-id"),
    /** No AMQP {@code type}. */
    MISSING_TYPE("missing-type"),
    /** The type is not {@code <context>.<kebab-event>.v<N>}, or differs from {@code cloudEvents:type}. */
    MALFORMED_TYPE("malformed-type"),
    /** No {@code cloudEvents:source}. */
    MISSING_SOURCE("missing-source"),
    /** No {@code farandole-process-key}. */
    MISSING_PROCESS_KEY("missing-process-key"),
    /** Neither {@code cloudEvents:time} nor {@code timestamp}. */
    MISSING_TIME("missing-time"),
    /** A header is not text, holds control characters, or is no number or time where one belongs. */
    MALFORMED_HEADER("malformed-header"),
    /** A header is over {@link io.farandole.messaging.Limits#MAX_HEADER_BYTES}. */
    HEADER_TOO_LONG("header-too-long"),
    /** The body is over the limit. */
    BODY_TOO_LONG("body-too-long"),
    /** The body is not UTF-8. */
    INVALID_UTF8("invalid-utf8"),
    /** The body is not one JSON object within the limits of {@link io.farandole.messaging.JsonCodec}. */
    INVALID_JSON("invalid-json"),
    /** The sender that the broker vouches for is not the source. */
    USER_MISMATCH("user-mismatch"),
    /** The event's type, its source and the exchange that it came through do not belong to one context. */
    SOURCE_MISMATCH("source-mismatch"),
    /** This context does not follow the type. */
    NOT_FOLLOWED("not-followed"),
    /** This context follows the type, in another version. */
    UNKNOWN_VERSION("unknown-version"),
    /** The event was received before, with another body; the first one is kept. */
    CONFLICTING_DUPLICATE("conflicting-duplicate"),
    /** The inbox refuses this one event again and again, while it takes others. */
    REFUSED_BY_STORE("refused-by-store");

    private final String code;

    RejectionReason(String code) {
        this.code = code;
    }

    /** The stable kebab-case name. */
    public String code() {
        return code;
    }

    @Override
    public String toString() {
        return code;
    }
}
