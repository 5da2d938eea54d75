package io.farandole.saga.outside;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * How outside calls are worked off.
 *
 * @param defaults for every kind that is not in {@code kinds}
 * @param kinds by kind
 * @param minPoll shortest pause between two looks into the table while there is nothing to do; default 50 ms. A request of
 *     this process wakes the worker at once
 * @param maxPoll longest such pause; default 2 s. It matters for calls that another process left behind
 * @param recordAttempts how often the command that records a result is tried before the call is marked
 *     {@code FAILED}; default 10
 * @param retention how long a finished call stays listed, and its idempotency key is remembered; default 7 days
 */
public record OutsideCallSettings(
        Kind defaults,
        Map<String, Kind> kinds,
        Duration minPoll,
        Duration maxPoll,
        int recordAttempts,
        Duration retention) {

    /** What holds if nothing is configured. */
    public static final OutsideCallSettings DEFAULTS = new OutsideCallSettings(
            Kind.DEFAULTS, Map.of(), Duration.ofMillis(50), Duration.ofSeconds(2), 10, Duration.ofDays(7));

    public OutsideCallSettings {
        kinds = Map.copyOf(kinds);
        if (minPoll.isNegative() || minPoll.isZero() || maxPoll.compareTo(minPoll) < 0) {
            throw new IllegalArgumentException(
                    "min-poll must be positive and not above max-poll, not " + minPoll + " and " + maxPoll);
        }
        if (recordAttempts < 1) {
            throw new IllegalArgumentException("record-attempts must be 1 or more, not " + recordAttempts);
        }
        if (retention.isNegative()) {
            throw new IllegalArgumentException("retention must not be negative: " + retention);
        }
    }

    /** The settings of a kind. */
    public Kind of(String kind) {
        return kinds.getOrDefault(kind, defaults);
    }

    /** The same, with what handlers say about their kinds where nothing is configured for them. */
    OutsideCallSettings completedBy(Collection<? extends OutsideCallHandler<?, ?>> handlers) {
        Map<String, Kind> all = new HashMap<>();
        handlers.forEach(handler -> all.put(handler.kind(), handler.settings(defaults)));
        all.putAll(kinds);
        return new OutsideCallSettings(defaults, all, minPoll, maxPoll, recordAttempts, retention);
    }

    /**
     * The settings of one kind of call.
     *
     * @param parallelism calls of this kind at the same time in this process; default 16
     * @param lease how long a claimed call may take before another worker makes it again under the same key; well above
     *     the handler's own time-outs; default 30 s
     * @param initialBackoff pause after the first unknown outcome, doubled each time; default 200 ms
     * @param maxBackoff longest pause; default 30 s
     * @param timeLimit from the request until the call is given up; default 2 minutes
     */
    public record Kind(
            int parallelism, Duration lease, Duration initialBackoff, Duration maxBackoff, Duration timeLimit) {

        /** What holds if nothing is configured. */
        public static final Kind DEFAULTS = new Kind(
                16, Duration.ofSeconds(30), Duration.ofMillis(200), Duration.ofSeconds(30), Duration.ofMinutes(2));

        public Kind {
            if (parallelism < 1) {
                throw new IllegalArgumentException("parallelism must be 1 or more, not " + parallelism);
            }
            positive("lease", lease);
            positive("initial-backoff", initialBackoff);
            positive("time-limit", timeLimit);
            if (maxBackoff.compareTo(initialBackoff) < 0) {
                throw new IllegalArgumentException(
                        "max-backoff " + maxBackoff + " is below initial-backoff " + initialBackoff);
            }
        }

        /** The pause after so many attempts: exponential, capped. */
        Duration backoff(int attempts) {
            long factor = 1L << Math.min(Math.max(attempts - 1, 0), 30);
            long millis = initialBackoff.toMillis();
            long cap = maxBackoff.toMillis();
            return Duration.ofMillis(millis > cap / factor ? cap : Math.min(cap, millis * factor));
        }

        private static void positive(String name, Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException(name + " must be positive, not " + value);
            }
        }
    }
}
