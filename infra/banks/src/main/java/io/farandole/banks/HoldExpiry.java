package io.farandole.banks;

import io.farandole.participant.BranchBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets go of payments that were held for too long, every half second. */
final class HoldExpiry implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HoldExpiry.class);
    private static final int AT_ONCE = 100;
    private static final long EVERY_MILLIS = 500;
    private static final long ENDS_WITHIN_SECONDS = 10;

    private final BranchBarrier barrier;
    private final PayrollDesk desk;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "banks-hold-expiry");
        daemon.setDaemon(true);
        return daemon;
    });

    private HoldExpiry(BranchBarrier barrier, PayrollDesk desk) {
        this.barrier = barrier;
        this.desk = desk;
    }

    static HoldExpiry start(BranchBarrier barrier, PayrollDesk desk) {
        HoldExpiry expiry = new HoldExpiry(barrier, desk);
        ScheduledFuture<?> unused =
                expiry.thread.scheduleWithFixedDelay(expiry::expire, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return expiry;
    }

    private void expire() {
        try {
            int expired = barrier.expire(AT_ONCE, desk::letGo);
            if (expired > 0) {
                log.info("{} payments were held for too long, and are let go", expired);
            }
        } catch (Exception e) {
            // The database is away, perhaps; the next look finds the same again.
            log.warn("Holds that have expired could not be let go", e);
        }
    }

    /** Returns when nobody looks any more. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                log.warn("Holds are still being let go after {} s", ENDS_WITHIN_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
