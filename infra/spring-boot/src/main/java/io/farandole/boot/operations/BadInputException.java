package io.farandole.boot.operations;

/** A parameter or a field of the request cannot be used as it is. */
final class BadInputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String field;

    BadInputException(String field, String sentence) {
        super(sentence);
        this.field = field;
    }

    String field() {
        return field;
    }
}
