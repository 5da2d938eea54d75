package io.farandole.audit.backfill;

/** What was asked for cannot be done; the message says what to do next. */
public final class BackfillRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BackfillRefusedException(String sentence) {
        super(sentence);
    }

    BackfillRefusedException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
