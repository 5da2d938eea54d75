package io.farandole.verifier;

/** Nothing can be said about the history, and why; it is neither intact nor altered. */
public final class VerificationException extends Exception {

    private static final long serialVersionUID = 1L;

    /** With a sentence that says what to do. */
    public VerificationException(String message) {
        super(message);
    }

    /** With a sentence that says what to do. */
    public VerificationException(String message, Throwable cause) {
        super(message, cause);
    }
}
