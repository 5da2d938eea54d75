package io.farandole.saga.outside;

/**
 * Makes the calls of one kind, and says which command records their result.
 *
 * <p>{@link #call} runs on a worker's thread with no transaction open, at least once per request and always under the same
 * idempotency key; it must set time-outs of its own, well below the kind's lease. {@link #command} and {@link #onTimeLimit}
 * are pure. Implementations are thread-safe: up to the kind's parallelism run at once.
 *
 * @param <Q> the request, stored as JSON
 * @param <R> the result, stored as JSON until it has been recorded
 */
public interface OutsideCallHandler<Q, R> {

    /** Which calls this handler makes; kebab case, unique in a context. Stored: keep it stable. */
    String kind();

    /** The class of requests. */
    Class<Q> requestType();

    /** The class of results. */
    Class<R> resultType();

    /**
     * How calls of this kind are worked off where nothing is configured for the kind; default: as all others are.
     *
     * @param common what holds for all kinds
     */
    default OutsideCallSettings.Kind settings(OutsideCallSettings.Kind common) {
        return common;
    }

    /**
     * Calls the system outside.
     *
     * @param idempotencyKey to be sent along; the same for every attempt of this request
     * @return what came of it; a refusal is a known outcome
     * @throws Exception counts as an unknown outcome: the call is made again
     */
    Outcome<R> call(Q request, String idempotencyKey) throws Exception;

    /**
     * The command that records a result, sent to the context's own command bus in the transaction that closes the call. It
     * is sent once in effect. If it is refused with an exception, it is sent again with back-off, and then the call is
     * marked {@code FAILED} and stays listed until a person retries it: better that the receiver accepts every result and
     * answers with an event.
     */
    Object command(Q request, R result);

    /** The result that is recorded when the time limit has passed and the outcome is still unknown. */
    R onTimeLimit(Q request);
}
