package io.farandole.audit.recording;

/** A file is no recording, or not a whole one, or one of a newer program; the message says which and what to do. */
public final class DamagedRecordingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DamagedRecordingException(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    DamagedRecordingException(String sentence) {
        super(sentence);
    }
}
