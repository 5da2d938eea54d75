package io.farandole.saga.outside;

/**
 * What an outside call came to, as far as the caller can tell.
 *
 * <p>A refusal by the other side ("card declined") is a {@linkplain #known(Object) known} outcome. A time-out, a broken
 * connection or a 5xx answer is {@linkplain #unknown(String) unknown}: the other side may or may not have acted, so the
 * call is made again under the same idempotency key until an answer comes or the time limit passes.
 *
 * @param <R> the result's class
 */
public sealed interface Outcome<R> {

    /** The other side has answered; the result is recorded by a command, and the call is not made again. */
    static <R> Outcome<R> known(R result) {
        return new Known<>(result);
    }

    /**
     * The other side's decision is not known; the call is made again under the same key, with back-off.
     *
     * @param reason for operators; no secrets, no personal data
     */
    static <R> Outcome<R> unknown(String reason) {
        return new Unknown<>(reason);
    }

    /** An answer. */
    record Known<R>(R result) implements Outcome<R> {}

    /** No answer. */
    record Unknown<R>(String reason) implements Outcome<R> {}
}
