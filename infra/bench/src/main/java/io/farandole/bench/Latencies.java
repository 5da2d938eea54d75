package io.farandole.bench;

/** The latencies of one round. Immutable. */
final class Latencies {

    private final long[] sorted;

    /** Latencies in nanoseconds, in any order. */
    Latencies(long[] nanos) {
        sorted = nanos.clone();
        java.util.Arrays.sort(sorted);
    }

    /** The latency that so large a part of them does not exceed, in milliseconds; 1 is the longest. */
    double millisAt(double quantile) {
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] / 1e6;
    }
}
