package io.farandole.bench;

/** An order was answered, but not with 202: it was not taken. */
final class NotAcceptedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final boolean retryAfter;

    /**
     * An answer.
     *
     * @param status of HTTP
     * @param retryAfter whether it said when to come again
     * @param body what it said
     */
    NotAcceptedException(int status, boolean retryAfter, String body) {
        super("An order was answered " + status + (retryAfter ? " with" : " without") + " Retry-After: " + body);
        this.status = status;
        this.retryAfter = retryAfter;
    }

    int status() {
        return status;
    }

    boolean hasRetryAfter() {
        return retryAfter;
    }
}
