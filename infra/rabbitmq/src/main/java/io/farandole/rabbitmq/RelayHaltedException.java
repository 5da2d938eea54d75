package io.farandole.rabbitmq;

/** The relay cannot go on until a person repairs something. */
final class RelayHaltedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final long position;

    /** {@code position} of the event that cannot be published; 0 where it is not about one event. */
    RelayHaltedException(String message, long position) {
        super(message);
        this.position = position;
    }

    long position() {
        return position;
    }

    /** The text, which is always there. */
    String text() {
        return String.valueOf(getMessage());
    }
}
