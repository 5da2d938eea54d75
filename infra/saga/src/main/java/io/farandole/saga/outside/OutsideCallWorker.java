package io.farandole.saga.outside;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread claims as many due calls as its kind has free places, and a bounded pool makes them. While there is nothing to
 * do, the pause between two looks grows; a request of this process that waits, or a call whose back-off ends, wakes it up.
 *
 * <p>A step that requests a call may {@linkplain #takePlace take a place} for it: then the request is written as claimed, and made
 * as soon as the step has committed, without a look at the table. Places that are taken so are places, so no more calls run at
 * once than may; and while older calls wait for one, nobody takes it so.
 */
final class OutsideCallWorker implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OutsideCallWorker.class);
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final OutsideCallStore store;
    private final OutsideCallAttempt attempt;
    private final OutsideCallRecorder recorder;
    private final OutsideCallSettings settings;
    private final Map<String, Kind> kinds = new HashMap<>();
    private final ThreadPoolExecutor pool;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean signalled;
    private long wakeAtNanos = Long.MAX_VALUE;
    private volatile boolean running;
    private @Nullable Thread dispatcher;

    OutsideCallWorker(
            OutsideCallStore store,
            OutsideCallAttempt attempt,
            OutsideCallRecorder recorder,
            Set<String> kinds,
            OutsideCallSettings settings) {
        this.store = store;
        this.attempt = attempt;
        this.recorder = recorder;
        this.settings = settings;
        int threads = 0;
        for (String kind : kinds) {
            int places = settings.of(kind).parallelism();
            this.kinds.put(kind, new Kind(new AtomicInteger(places)));
            threads += places;
        }
        AtomicInteger number = new AtomicInteger();
        this.pool = new ThreadPoolExecutor(
                Math.max(1, threads), Math.max(1, threads), 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "outside-call-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        this.pool.allowCoreThreadTimeOut(true);
    }

    /**
     * Takes one of a kind's places, for a call that is about to be requested; false if there is none, if others wait for one, or
     * if this worker does not run. Who has taken a place {@linkplain #make makes} the call or {@linkplain #givePlaceBack gives it
     * back}.
     */
    boolean takePlace(String kind) {
        Kind state = kinds.get(kind);
        if (!running || state == null || state.saturated) {
            return false;
        }
        return state.free.getAndUpdate(free -> Math.max(0, free - 1)) > 0;
    }

    /** Gives a place back that was taken. */
    void givePlaceBack(String kind) {
        Kind state = state(kind);
        state.free.incrementAndGet();
        if (state.saturated) {
            wakeUp();
        }
    }

    /** Makes a call whose place was taken, once its claim has committed; returns at once. */
    void make(OutsideCallStore.Claim claim) {
        try {
            pool.execute(() -> work(claim));
        } catch (RejectedExecutionException e) {
            log.warn(
                    "Outside call {} of process {} was requested at shutdown; it is made when its lease has run out",
                    claim.idempotencyKey(),
                    claim.processKey());
            givePlaceBack(claim.kind());
        }
    }

    /** Free places of a kind, and whether the last look left due calls behind for want of places. */
    private static final class Kind {
        final AtomicInteger free;
        volatile boolean saturated;

        Kind(AtomicInteger free) {
            this.free = free;
        }
    }

    synchronized void start() {
        if (dispatcher != null || kinds.isEmpty()) {
            return;
        }
        running = true;
        recorder.start();
        dispatcher = new Thread(this::dispatch, "outside-calls");
        dispatcher.setDaemon(true);
        dispatcher.start();
    }

    void wakeUp() {
        lock.lock();
        try {
            signalled = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public synchronized void close() {
        running = false;
        wakeUp();
        Thread thread = dispatcher;
        try {
            if (thread != null) {
                thread.join(GRACE.toMillis());
            }
            pool.shutdown();
            if (!pool.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                pool.shutdownNow();
                if (!pool.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                    log.warn("Outside calls still run at shutdown; they are made again when their lease has run out");
                }
            }
        } catch (InterruptedException e) {
            pool.shutdownNow();
            Thread.currentThread().interrupt();
        } finally {
            recorder.close();
        }
    }

    private void dispatch() {
        Duration pause = settings.minPoll();
        boolean failing = false;
        while (running) {
            int claimed = 0;
            try {
                claimed = claimAndSubmit();
                failing = false;
            } catch (RuntimeException e) {
                if (!failing) {
                    log.warn("Cannot look for outside calls; trying again", e);
                }
                failing = true;
            }
            pause = claimed > 0 ? settings.minPoll() : longer(pause);
            awaitWork(pause);
        }
    }

    private Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(settings.maxPoll()) > 0 ? settings.maxPoll() : doubled;
    }

    private int claimAndSubmit() {
        Map<String, Integer> places = new HashMap<>();
        kinds.forEach((kind, state) -> {
            int free = state.free.getAndSet(0);
            state.saturated = free == 0;
            if (free > 0) {
                places.put(kind, free);
            }
        });
        if (places.isEmpty()) {
            wakeIfFreed();
            return 0;
        }
        Map<String, Integer> unused = new HashMap<>(places);
        try {
            List<OutsideCallStore.Claim> claims = store.claim(places, settings);
            for (OutsideCallStore.Claim claim : claims) {
                unused.merge(claim.kind(), -1, Integer::sum);
                make(claim);
            }
            return claims.size();
        } finally {
            unused.forEach((kind, count) -> {
                Kind state = state(kind);
                state.saturated = count == 0;
                state.free.addAndGet(count);
            });
            wakeIfFreed();
        }
    }

    /** Who gave a place back just before it was known that others wait for one has woken nobody. */
    private void wakeIfFreed() {
        if (kinds.values().stream().anyMatch(kind -> kind.saturated && kind.free.get() > 0)) {
            wakeUp();
        }
    }

    private void work(OutsideCallStore.Claim claim) {
        try {
            Duration delay = attempt.run(claim);
            if (!delay.isZero()) {
                wakeIn(delay);
            }
        } catch (RuntimeException | Error e) {
            log.warn(
                    "Outside call {} of process {} is left to its lease",
                    claim.idempotencyKey(),
                    claim.processKey(),
                    e);
        } finally {
            givePlaceBack(claim.kind());
        }
    }

    private Kind state(String kind) {
        Kind state = kinds.get(kind);
        if (state == null) {
            throw new IllegalStateException("No outside calls of kind " + kind);
        }
        return state;
    }

    void wakeIn(Duration delay) {
        lock.lock();
        try {
            wakeAtNanos = Math.min(wakeAtNanos, System.nanoTime() + delay.toNanos());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void awaitWork(Duration pause) {
        long end = System.nanoTime() + pause.toNanos();
        lock.lock();
        try {
            while (running && !signalled) {
                long now = System.nanoTime();
                long left = Math.min(end, wakeAtNanos) - now;
                if (left <= 0) {
                    break;
                }
                changed.awaitNanos(left);
            }
            signalled = false;
            if (wakeAtNanos <= System.nanoTime()) {
                wakeAtNanos = Long.MAX_VALUE;
            }
        } catch (InterruptedException e) {
            running = false;
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
