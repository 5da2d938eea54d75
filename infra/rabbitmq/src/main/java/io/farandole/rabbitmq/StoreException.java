package io.farandole.rabbitmq;

import java.util.function.Supplier;

/** The outbox failed, as opposed to the broker. */
final class StoreException extends Exception {

    private static final long serialVersionUID = 1L;

    private StoreException(RuntimeException cause) {
        super(cause.getClass().getSimpleName() + ": " + cause.getMessage(), cause);
    }

    static <T> T guard(Supplier<T> call) throws StoreException {
        try {
            return call.get();
        } catch (RuntimeException e) {
            throw new StoreException(e);
        }
    }

    /** The text, which is always there. */
    String text() {
        return String.valueOf(getMessage());
    }
}
