package io.farandole.verifier;

/**
 * A stretch of a journal. Whole seals are verified, so what lies beside it in the same seals is verified too.
 *
 * @param from the first position
 * @param to the last position; below the first for none
 */
public record Range(long from, long to) {

    /** All of it. */
    public static final Range ALL = new Range(Long.MIN_VALUE, Long.MAX_VALUE);
}
