package io.farandole.audit.rebuild;

/** What was asked for cannot be done, or was stopped for a reason; the sentence says why, and what to do. */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With a sentence. */
    public RefusedException(String sentence) {
        super(sentence);
    }

    RefusedException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
