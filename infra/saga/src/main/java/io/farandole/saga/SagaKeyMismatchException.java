package io.farandole.saga;

/**
 * The event's process key and the saga's association property disagree, or an event reaches a saga in a way that a keyed
 * saga cannot honour: a defect of the producer or of the saga. The process is set aside; nobody guesses which one is right.
 */
public final class SagaKeyMismatchException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    SagaKeyMismatchException(String message) {
        super(message);
    }
}
