package io.farandole.bench;

import io.farandole.bench.load.OrderSpec;
import io.farandole.bench.load.Workload;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Orders that are placed as fast as they are accepted, and whose ends come when they may. Used by one thread. */
final class Backlog {

    private static final int UNANSWERED = 64;
    private static final long LOOK_NANOS = 5_000_000;
    private static final long PAUSE_NANOS = 250_000_000;
    private static final long ACCEPTED_WITHIN_NANOS = 60_000_000_000L;

    private final Traffic.Desk desk;
    private final Workload workload;
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicLong lastEnd = new AtomicLong(System.nanoTime());
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Backlog(Traffic.Desk desk, Workload workload) {
        this.desk = desk;
        this.workload = workload;
    }

    /**
     * Places so many more, from that number on; returns when all are accepted. What is refused with {@code Retry-After} is placed
     * again a little later, for as long as some are accepted; any other failure fails.
     */
    void place(long first, int orders) throws InterruptedException {
        Semaphore unanswered = new Semaphore(UNANSWERED);
        int goal = accepted.get() + orders;
        int seen = accepted.get();
        long lively = System.nanoTime();
        long number = first;
        while (accepted.get() < goal && failure.get() == null) {
            if (accepted.get() > seen) {
                seen = accepted.get();
                lively = System.nanoTime();
            }
            if (System.nanoTime() - lively > ACCEPTED_WITHIN_NANOS) {
                throw new IllegalStateException(
                        "No order has been accepted for a minute, " + refused + " were refused");
            }
            if (accepted.get() + UNANSWERED - unanswered.availablePermits() >= goal
                    || !unanswered.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                LockSupport.parkNanos(LOOK_NANOS);
                continue;
            }
            int refusedBefore = refused.get();
            place(workload.order(number), unanswered);
            number++;
            if (refused.get() > refusedBefore) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        unanswered.acquire(UNANSWERED);
        if (failure.get() != null) {
            throw new IllegalStateException("An order was not accepted", failure.get());
        }
    }

    private void place(OrderSpec order, Semaphore unanswered) {
        CompletableFuture<Void> unused = desk.accept(order)
                .whenComplete((orderId, thrown) -> {
                    if (thrown == null) {
                        accepted.incrementAndGet();
                    } else {
                        note(thrown);
                    }
                    unanswered.release();
                })
                .thenCompose(desk::end)
                .thenAccept(confirmed -> {
                    lastEnd.accumulateAndGet(System.nanoTime(), Math::max);
                    ended.incrementAndGet();
                });
    }

    private void note(Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        if (cause instanceof NotAcceptedException answer && answer.hasRetryAfter()) {
            refused.incrementAndGet();
        } else {
            failure.set(thrown);
        }
    }

    /** How many were accepted. */
    int placed() {
        return accepted.get();
    }

    /** How often one was refused, and placed again. */
    int refused() {
        return refused.get();
    }

    /** How many have ended. */
    int ended() {
        return ended.get();
    }

    /** Waits until so many have ended; fails if none does for that long. When the last of them did, by {@link System#nanoTime()}. */
    long awaitEnded(int orders, Duration patience) {
        int seen = ended();
        long since = System.nanoTime();
        while (ended() < orders) {
            if (ended() > seen) {
                seen = ended();
                since = System.nanoTime();
            }
            if (System.nanoTime() - since > patience.toNanos()) {
                throw new IllegalStateException(
                        "No order has come to its end for " + patience + ": " + ended() + " of " + placed() + " have");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return lastEnd.get();
    }
}
