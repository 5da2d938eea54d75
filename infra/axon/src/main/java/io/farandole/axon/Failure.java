package io.farandole.axon;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.axonframework.eventhandling.EventMessage;
import org.jspecify.annotations.Nullable;

/** What is recorded of a failure, as text that PostgreSQL takes. */
record Failure(
        boolean counts,
        long position,
        String eventId,
        String eventType,
        String errorClass,
        @Nullable String message,
        String stackTrace,
        String fingerprint) {

    static Failure of(Throwable thrown, boolean counts, long position, EventMessage<?> event) {
        return of(
                thrown,
                counts,
                position,
                event.getIdentifier(),
                event.getPayloadType().getName());
    }

    static Failure of(Throwable thrown, boolean counts, long position, String eventId, String eventType) {
        Throwable cause = thrown instanceof ProcessFailedException failed ? failed.failure() : thrown;
        StringWriter trace = new StringWriter();
        cause.printStackTrace(new PrintWriter(trace));
        String message = cause.getMessage();
        return new Failure(
                counts,
                position,
                eventId,
                eventType,
                cause.getClass().getName(),
                message == null ? null : storable(message),
                storable(trace.toString()),
                Fingerprint.of(cause));
    }

    /** The same, but it does not count. */
    Failure uncounted() {
        return new Failure(false, position, eventId, eventType, errorClass, message, stackTrace, fingerprint);
    }

    /** PostgreSQL's text has no NUL. */
    private static String storable(String text) {
        return text.replace('\0', '?');
    }
}
