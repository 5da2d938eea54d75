package io.farandole.bench;

/**
 * What a figure should be.
 *
 * @param of what is compared with the limit
 * @param bound on which side of the limit it should be
 * @param limit the limit, itself included
 */
public record Target(Of of, Bound bound, double limit) {

    /** What is compared with the limit. */
    public enum Of {
        /** What was measured of ours. */
        OURS,
        /** Ours over the baseline. */
        RATIO
    }

    /** The side of the limit. */
    public enum Bound {
        /** At the limit or below. */
        AT_MOST,
        /** At the limit or above. */
        AT_LEAST
    }

    boolean isMet(double value) {
        return bound == Bound.AT_MOST ? value <= limit : value >= limit;
    }

    /** As it stands in a table: {@code ratio ≥ 0.30}. */
    @Override
    public String toString() {
        return (of == Of.RATIO ? "ratio " : "") + (bound == Bound.AT_MOST ? "≤ " : "≥ ") + Numbers.text(limit);
    }
}
