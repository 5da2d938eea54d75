package io.farandole.rabbitmq;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the relay is. A snapshot.
 *
 * @param state what it does
 * @param connected whether it has a connection to the broker
 * @param blocked why the broker has blocked publishing ({@code low on disk}, {@code low on memory}); null if it has not
 * @param confirmedPosition up to where everything is confirmed, in this run; 0 before the first look
 * @param savedPosition up to where that is saved; after a crash publishing starts again from there
 * @param inFlight published and not yet confirmed events
 * @param oldestUnconfirmed when the oldest event known to wait happened; null if none is known
 * @param lastError the last failure, with its remedy where there is one; null if none since it worked again
 * @param lastErrorAt when that was
 * @param warning what is not wrong but weaker than it could be, such as bindings that cannot be checked; null if nothing
 */
public record RelayStatus(
        State state,
        boolean connected,
        @Nullable String blocked,
        long confirmedPosition,
        long savedPosition,
        int inFlight,
        @Nullable Instant oldestUnconfirmed,
        @Nullable String lastError,
        @Nullable Instant lastErrorAt,
        @Nullable String warning) {

    /** What the relay does. */
    public enum State {
        /** Not started, or stopped. */
        STOPPED,
        /** Has no connection to the broker, and tries to get one. */
        CONNECTING,
        /** The outbox cannot be read or its position not be saved; tries again. */
        STORE_UNAVAILABLE,
        /** Another instance relays. */
        STANDBY,
        /** Publishes, or waits for something to publish. */
        RELAYING,
        /** The broker is short of memory or disk and has blocked publishing. */
        BLOCKED,
        /**
         * Stopped by what a person must repair: a missing binding or exchange, or an event that cannot be a message. Tries
         * again, and goes on by itself once it is repaired. See {@link RelayStatus#lastError}.
         */
        HALTED
    }

    /** How long the oldest event known to wait has been waiting; zero if none is known. */
    public Duration lag(Instant now) {
        if (oldestUnconfirmed == null || now.isBefore(oldestUnconfirmed)) {
            return Duration.ZERO;
        }
        return Duration.between(oldestUnconfirmed, now);
    }
}
