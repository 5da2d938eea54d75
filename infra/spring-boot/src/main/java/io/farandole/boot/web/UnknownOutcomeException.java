package io.farandole.boot.web;

/** The connection was lost while requests were committed: whether they were is unknown, and each client has to ask. */
class UnknownOutcomeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnknownOutcomeException(int requests, Exception lost) {
        super(
                "The connection was lost while " + requests + " requests were committed; whether they were is unknown",
                lost);
    }
}
