package io.farandole.saga.outside;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request for a call to a system outside.
 *
 * @param kind which {@link OutsideCallHandler} makes it; kebab case, such as {@code authorize}
 * @param processKey the process that it belongs to
 * @param request what the handler needs; stored as JSON, of the handler's {@link OutsideCallHandler#requestType()}. No
 *     secrets that must not be stored
 * @param idempotencyKey the same for every attempt, and unique per kind: a second request of the same kind and key with
 *     the same content is the same call, made once
 * @param timeLimit from the request until the call is given up and {@link OutsideCallHandler#onTimeLimit} is recorded;
 *     null for the kind's default
 */
public record OutsideCall(
        String kind, String processKey, Object request, String idempotencyKey, @Nullable Duration timeLimit) {

    public OutsideCall {
        Objects.requireNonNull(request, "request");
        if (kind.isBlank() || processKey.isBlank() || idempotencyKey.isBlank()) {
            throw new IllegalArgumentException(
                    "An outside call needs a kind, a process key and an idempotency key, not '" + kind + "', '"
                            + processKey + "', '" + idempotencyKey + "'");
        }
        if (timeLimit != null && (timeLimit.isNegative() || timeLimit.isZero())) {
            throw new IllegalArgumentException("The time limit of outside call " + kind + " for process " + processKey
                    + " must be positive, not " + timeLimit);
        }
    }

    /** A call under the key {@code <kind>:<processKey>}: one call of this kind per process. */
    public static OutsideCall of(String kind, String processKey, Object request) {
        return new OutsideCall(kind, processKey, request, kind + ":" + processKey, null);
    }

    /** The same call under another key, for processes that make several calls of one kind. */
    public OutsideCall withIdempotencyKey(String key) {
        return new OutsideCall(kind, processKey, request, key, timeLimit);
    }

    /** The same call with its own time limit, counted from the request. */
    public OutsideCall withTimeLimit(Duration limit) {
        return new OutsideCall(kind, processKey, request, idempotencyKey, limit);
    }

    /** Names the call without its content, which may be confidential. */
    @Override
    public String toString() {
        return "OutsideCall[" + kind + ", process " + processKey + ", key " + idempotencyKey + "]";
    }
}
