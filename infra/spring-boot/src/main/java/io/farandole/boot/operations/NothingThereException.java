package io.farandole.boot.operations;

/** What was asked for is not there; the message says so to the person who asked. */
final class NothingThereException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NothingThereException(String sentence) {
        super(sentence);
    }
}
