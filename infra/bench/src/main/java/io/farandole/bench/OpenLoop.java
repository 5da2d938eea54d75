package io.farandole.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Sends events at their times, whatever becomes of those before. */
final class OpenLoop {

    private static final long PATIENCE_SECONDS = 60;

    private OpenLoop() {}

    /**
     * Latencies of one load.
     *
     * @param sinceCommit from the commit until the confirm
     * @param sinceIntended from when the event should have been sent until the confirm
     */
    record Result(Latencies sinceCommit, Latencies sinceIntended) {}

    /** Sends so many events, so many a second, on so many threads; returns when all are confirmed. */
    static Result run(Publishing publishing, int events, double perSecond, int threads) throws Exception {
        ExecutorService senders = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Publishing.Sent>> sent = new ArrayList<>();
            long start = System.nanoTime();
            for (int i = 0; i < events; i++) {
                long wait = intended(start, i, perSecond) - System.nanoTime();
                while (wait > 0) {
                    LockSupport.parkNanos(wait);
                    wait = intended(start, i, perSecond) - System.nanoTime();
                }
                sent.add(senders.submit(publishing::send));
            }
            long[] sinceCommit = new long[events];
            long[] sinceIntended = new long[events];
            for (int i = 0; i < events; i++) {
                Publishing.Sent one = sent.get(i).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                sinceCommit[i] = one.nanos();
                sinceIntended[i] = one.confirmed().getAsLong() - intended(start, i, perSecond);
            }
            return new Result(new Latencies(sinceCommit), new Latencies(sinceIntended));
        } finally {
            senders.shutdownNow();
        }
    }

    private static long intended(long start, int number, double perSecond) {
        return start + Math.round(number * 1e9 / perSecond);
    }
}
