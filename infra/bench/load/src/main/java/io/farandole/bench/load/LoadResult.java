package io.farandole.bench.load;

/**
 * What a load has seen.
 *
 * @param orders orders that were placed
 * @param nanos from the beginning until the last of them was complete
 * @param confirmed orders that were confirmed
 * @param cancelled orders that were cancelled
 * @param failed orders whose end did not become known
 * @param latency of the confirmed and the cancelled orders
 */
public record LoadResult(long orders, long nanos, long confirmed, long cancelled, long failed, Latency latency) {

    /** Percentiles in nanoseconds, to three digits; from the placing (saturating load) or the intended placing (open load). */
    public record Latency(long p50, long p90, long p99, long p999, long max) {}

    /** Completed orders per second. */
    public double perSecond() {
        return nanos == 0 ? 0 : (confirmed + cancelled) * 1e9 / nanos;
    }
}
