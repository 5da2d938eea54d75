package io.farandole.audit.export;

/** Nothing is handed out; the message says why, and what to do. */
public final class ExportRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ExportRefusedException(String message) {
        super(message);
    }
}
