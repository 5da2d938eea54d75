package io.farandole.audit.state;

/** There is no such aggregate, or it has no such point; the message is a sentence that says what there is. */
public final class NoSuchStateException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoSuchStateException(String sentence) {
        super(sentence);
    }
}
