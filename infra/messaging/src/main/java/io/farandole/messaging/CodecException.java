package io.farandole.messaging;

import org.jspecify.annotations.Nullable;

/** A payload cannot be written or read: a defect of the producer or of the registration, never an outage. */
public final class CodecException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CodecException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
