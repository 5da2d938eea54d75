package io.farandole.participant;

/** Carries what an action throws through the transaction template, which rolls back. */
final class CheckedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Exception exception;

    CheckedException(Exception exception) {
        super(exception.toString(), exception, false, false);
        this.exception = exception;
    }

    Exception exception() {
        return exception;
    }
}
