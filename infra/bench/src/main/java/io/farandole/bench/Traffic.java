package io.farandole.bench;

import io.farandole.bench.load.OrderSpec;
import io.farandole.bench.load.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Orders placed at their times by a thread of its own, whatever becomes of those before: refused ones and ones without an answer
 * are noted, not sent again. Thread-safe. Closing ends the placing at once.
 */
final class Traffic implements AutoCloseable {

    /** Beyond it orders are noted as not sent, for the load's own machine would be what is measured. */
    static final int UNANSWERED_AT_MOST = 2_000;

    private static final long LOOK_NANOS = 5_000_000;

    private final Desk desk;
    private final Workload workload;
    private final long first;
    private final double nanosPerOrder;
    private final long start = System.nanoTime();
    private final List<Visit> visits = new ArrayList<>();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final Thread thread;
    private volatile boolean open = true;

    private Traffic(Desk desk, Workload workload, long first, double perSecond) {
        this.desk = desk;
        this.workload = workload;
        this.first = first;
        this.nanosPerOrder = 1e9 / perSecond;
        thread = new Thread(this::placeAll, "traffic");
        thread.setDaemon(true);
    }

    /** Where orders are placed. */
    interface Desk {

        /** Its id once it is accepted; a {@link NotAcceptedException} if it was refused, another exception without an answer. */
        CompletableFuture<String> accept(OrderSpec order);

        /** True once it is confirmed, false once it is cancelled. */
        CompletableFuture<Boolean> end(String orderId);
    }

    /**
     * Begins.
     *
     * @param first the number of the first order
     * @param perSecond orders per second
     */
    static Traffic start(Desk desk, Workload workload, long first, double perSecond) {
        if (perSecond <= 0) {
            throw new IllegalArgumentException("The rate must be above 0, not " + perSecond);
        }
        Traffic traffic = new Traffic(desk, workload, first, perSecond);
        traffic.thread.start();
        return traffic;
    }

    private void placeAll() {
        for (long i = 0; open; i++) {
            long intended = start + Math.round(i * nanosPerOrder);
            long wait = intended - System.nanoTime();
            while (open && wait > 0) {
                LockSupport.parkNanos(wait);
                wait = intended - System.nanoTime();
            }
            if (open) {
                place(workload.order(first + i), intended);
            }
        }
    }

    private void place(OrderSpec order, long intended) {
        Visit visit = new Visit(intended, System.nanoTime());
        synchronized (visits) {
            visits.add(visit);
        }
        if (unanswered.incrementAndGet() > UNANSWERED_AT_MOST) {
            unanswered.decrementAndGet();
            visit.answered(Answer.NOT_SENT);
            return;
        }
        CompletableFuture<Void> unused = desk.accept(order)
                .whenComplete((orderId, failure) -> {
                    unanswered.decrementAndGet();
                    visit.answered(Answer.of(failure));
                })
                .thenCompose(desk::end)
                .handle((confirmed, failure) -> {
                    if (failure == null) {
                        visit.ended = System.nanoTime();
                    }
                    return null;
                });
    }

    /** When the first of the orders ended that were sent at that time or later, by {@link System#nanoTime()}; empty if none has. */
    OptionalLong firstEndOfThoseSentAfter(long time) {
        return visits().stream()
                .filter(visit -> visit.sent - time >= 0 && visit.ended != 0)
                .mapToLong(visit -> visit.ended)
                .min();
    }

    /** When the last order ended, by {@link System#nanoTime()}; empty if none has. */
    OptionalLong lastEnd() {
        return visits().stream()
                .filter(visit -> visit.ended != 0)
                .mapToLong(visit -> visit.ended)
                .max();
    }

    /** Waits for such an end. */
    long awaitEndOfOneSentAfter(long time, Duration patience) {
        long since = System.nanoTime();
        OptionalLong end = firstEndOfThoseSentAfter(time);
        while (end.isEmpty()) {
            if (System.nanoTime() - since > patience.toNanos()) {
                throw new IllegalStateException("No order that was placed after the fault has come to its end within "
                        + patience + "; " + tally());
            }
            LockSupport.parkNanos(LOOK_NANOS);
            end = firstEndOfThoseSentAfter(time);
        }
        return end.getAsLong();
    }

    /** Waits until all orders that were sent before that time and accepted have ended. */
    void awaitEndsOfThoseSentBefore(long time, Duration patience) {
        long since = System.nanoTime();
        while (visits().stream().anyMatch(visit -> visit.sent - time < 0 && visit.isOpen())) {
            if (System.nanoTime() - since > patience.toNanos()) {
                throw new IllegalStateException(
                        "Not every order has come to its end within " + patience + "; " + tally());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** Places no more, and waits until every order is answered and every accepted one has ended; does not fail if some have not. */
    Tally end(Duration patience) throws InterruptedException {
        stop();
        long since = System.nanoTime();
        while (visits().stream().anyMatch(Visit::isOpen) && System.nanoTime() - since < patience.toNanos()) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return tally();
    }

    /** Places no more; returns when nobody is placing. */
    void stop() throws InterruptedException {
        open = false;
        LockSupport.unpark(thread);
        thread.join();
    }

    /** What has become of the orders so far. */
    Tally tally() {
        return Tally.of(visits());
    }

    /** What has become so far of the orders that were sent between these times. */
    Tally tally(long from, long to) {
        return Tally.of(visits().stream()
                .filter(visit -> visit.sent - from >= 0 && visit.sent - to < 0)
                .toList());
    }

    private List<Visit> visits() {
        synchronized (visits) {
            return List.copyOf(visits);
        }
    }

    @Override
    public void close() {
        open = false;
        LockSupport.unpark(thread);
    }

    /** How an order was answered. */
    enum Answer {
        /** It was taken. */
        ACCEPTED,
        /** 429 or 503 with {@code Retry-After}. */
        REFUSED,
        /** 429 or 503 without {@code Retry-After}. */
        REFUSED_WITHOUT_RETRY_AFTER,
        /** Any other answer. */
        FAILED,
        /** None: the connection was refused, lost, or too slow. It may have been taken. */
        NONE,
        /** The order was not even sent. */
        NOT_SENT;

        static Answer of(@Nullable Throwable failure) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause == null) {
                return failure == null ? ACCEPTED : NONE;
            }
            if (!(cause instanceof NotAcceptedException refused)) {
                return NONE;
            }
            if (refused.status() != 429 && refused.status() != 503) {
                return FAILED;
            }
            return refused.hasRetryAfter() ? REFUSED : REFUSED_WITHOUT_RETRY_AFTER;
        }
    }

    /** One order. Times are of {@link System#nanoTime()}. */
    static final class Visit {

        private final long intended;
        private final long sent;
        private volatile long answeredAt;
        private volatile @Nullable Answer answer;
        private volatile long ended;

        private Visit(long intended, long sent) {
            this.intended = intended;
            this.sent = sent;
        }

        private void answered(Answer how) {
            answeredAt = System.nanoTime();
            answer = how;
        }

        /** Neither ended nor known not to be accepted. */
        private boolean isOpen() {
            return ended == 0 && (answer == null || answer == Answer.ACCEPTED);
        }

        @Nullable Answer answer() {
            return answer;
        }

        boolean hasEnded() {
            return ended != 0;
        }

        /** From the intended placing to the answer, in nanoseconds. */
        long untilAnswer() {
            return answeredAt - intended;
        }
    }
}
