package io.farandole.messaging;

import org.jspecify.annotations.Nullable;

/** Personal data can be neither sealed nor opened now; the message holds neither data nor keys, and says what to do. */
public final class PersonalDataException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Why. */
    public enum Reason {
        /** This context has no master key, or does not know the owner's address: a setting. */
        NOT_CONFIGURED,
        /** The key's owner cannot be reached: an outage. The same may succeed later. */
        UNAVAILABLE,
        /** The key's owner does not let this context have it. */
        REFUSED,
        /** Text or key were altered, or the key store is another one's. */
        DAMAGED
    }

    public PersonalDataException(Reason reason, String message) {
        this(reason, message, null);
    }

    public PersonalDataException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}
