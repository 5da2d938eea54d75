package io.farandole.banks;

import io.farandole.participant.Answer;

/**
 * What a desk has done.
 *
 * @param answer for the barrier
 * @param mishap what shall happen to the answer on its way; {@link Mishap#NONE} mostly
 */
record Deed(Answer answer, Mishap mishap) {

    /** What happens to an answer on its way. */
    enum Mishap {
        NONE,
        /** It comes late. */
        LATE,
        /** It never comes: the connection is closed. */
        LOST,
        /** Something else comes, as if all were well. */
        GARBLED
    }

    static Deed of(Answer answer) {
        return new Deed(answer, Mishap.NONE);
    }
}
