package io.farandole.rabbitmq;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the listener is. A snapshot; the counts are since it was created.
 *
 * @param state what it does
 * @param connected whether it has a connection to the broker
 * @param received deliveries, redeliveries included
 * @param appended events that became durable
 * @param duplicates events that had been before
 * @param setAside deliveries set aside to {@code <context>.unhandled}
 * @param unsettled deliveries here that are not yet acknowledged
 * @param lastAppended when a batch became durable last; null before the first
 * @param lastError the last failure, with its remedy where there is one; null if none since it worked again
 * @param lastErrorAt when that was
 */
public record ListenerStatus(
        State state,
        boolean connected,
        long received,
        long appended,
        long duplicates,
        long setAside,
        int unsettled,
        @Nullable Instant lastAppended,
        @Nullable String lastError,
        @Nullable Instant lastErrorAt) {

    /** What the listener does. */
    public enum State {
        /** Not started, or stopped. */
        STOPPED,
        /** Has no connection to the broker, or no inbox there, and tries to get it. */
        CONNECTING,
        /** Consumes, or stands by while another instance is the active consumer. */
        LISTENING,
        /** The inbox cannot be written: deliveries are kept unacknowledged, and it tries again. */
        STORE_UNAVAILABLE,
        /** What must be set aside cannot be: deliveries are kept unacknowledged, and it tries again. */
        PARKING_UNAVAILABLE
    }
}
