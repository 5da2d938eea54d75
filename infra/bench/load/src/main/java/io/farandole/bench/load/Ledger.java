package io.farandole.bench.load;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Notes what becomes of the orders of one load. Placed by one thread, completed by any. */
final class Ledger {

    private static final int DIGITS = 3;

    private final Runnable onEnd;
    private final Histogram latencies = new Histogram(DIGITS);
    private long placed;
    private long confirmed;
    private long cancelled;
    private long failed;
    private long lastEnd = System.nanoTime();
    private @Nullable Throwable firstFailure;

    /** Calls the given action at the end of each order. */
    Ledger(Runnable onEnd) {
        this.onEnd = onEnd;
    }

    /** Places an order whose latency counts from that time. */
    void place(LoadTarget target, OrderSpec order, long since) {
        synchronized (this) {
            placed++;
        }
        CompletionStage<Boolean> end;
        try {
            end = target.place(order);
        } catch (RuntimeException e) {
            note(since, null, e);
            return;
        }
        var unused = end.whenComplete((isConfirmed, failure) -> note(since, isConfirmed, failure));
    }

    private void note(long since, @Nullable Boolean isConfirmed, @Nullable Throwable failure) {
        synchronized (this) {
            lastEnd = System.nanoTime();
            if (isConfirmed == null) {
                failed++;
                if (firstFailure == null) {
                    firstFailure = failure;
                }
            } else {
                latencies.recordValue(Math.max(0, lastEnd - since));
                if (isConfirmed) {
                    confirmed++;
                } else {
                    cancelled++;
                }
            }
            notifyAll();
        }
        onEnd.run();
    }

    /** Throws if no order has come to its end for that long. */
    synchronized void assertLively(Duration patience) {
        if (System.nanoTime() - lastEnd > patience.toNanos()) {
            throw new IllegalStateException(
                    "No order has come to its end for " + patience.toSeconds() + " s: " + ended() + " of " + placed
                            + " have",
                    firstFailure);
        }
    }

    /** Waits until every order that was placed has come to its end. */
    synchronized LoadResult await(long start, Duration patience) throws InterruptedException {
        while (ended() < placed) {
            wait(1_000);
            assertLively(patience);
        }
        if (firstFailure != null) {
            System.err.println(failed + " orders failed, the first with " + firstFailure);
        }
        return new LoadResult(
                placed,
                lastEnd - start,
                confirmed,
                cancelled,
                failed,
                new LoadResult.Latency(
                        latencies.getValueAtPercentile(50),
                        latencies.getValueAtPercentile(90),
                        latencies.getValueAtPercentile(99),
                        latencies.getValueAtPercentile(99.9),
                        latencies.getMaxValue()));
    }

    private long ended() {
        return confirmed + cancelled + failed;
    }
}
