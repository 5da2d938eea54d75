package io.farandole.provider;

import org.jspecify.annotations.Nullable;

/**
 * What goes back over HTTP.
 *
 * @param status HTTP status
 * @param result the definite answer; null where there is none
 * @param late whether it is sent only after a while
 */
record Answer(int status, @Nullable Result result, boolean late) {

    /** No answer: the effect may or may not be there. */
    static final Answer OUT_OF_ORDER = new Answer(503, null, false);

    /** The key was used with another body. */
    static final Answer CONFLICT = new Answer(409, null, false);
}
