package io.farandole.axon;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a failure of everything from failures of single processes, for one processor in one instance: so many distinct
 * processes that failed alone in a row, and nothing that succeeded in between, in whatever segment or retry. While the brake is on, nothing
 * is set aside, except together with a success (see {@link Probes}), and failed retries do not count.
 *
 * <p>Retries that fail do not turn it on: they are known to fail, and say nothing about others. Otherwise a handful of parked
 * processes would brake an idle night.
 *
 * <p>A success is one that began after the last failure of the row: a long batch that ends now may have talked to a
 * collaborator that was there when it began. All of this is in memory: after a crash the row begins anew.
 *
 * <p>Thread-safe.
 */
final class OutageBrake {

    private static final Logger log = LoggerFactory.getLogger(OutageBrake.class);

    private final String processor;
    private final int threshold;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<String> inARow = new HashSet<>();
    private long lastFailure;
    private boolean stopping;

    /** Whether there is anything that a success ends; asked without the lock after each batch. */
    private volatile boolean disturbed;

    private volatile @Nullable BrakedProcessor braked;

    /** @param threshold distinct processes that fail in a row; 0 for no brake */
    OutageBrake(String processor, int threshold) {
        this.processor = processor;
        this.threshold = threshold;
    }

    /**
     * A process has failed alone.
     *
     * @return whether the brake is on now: it must not be set aside
     */
    boolean failed(String processKey, Throwable failure) {
        if (threshold == 0) {
            return false;
        }
        lock.lock();
        try {
            lastFailure = System.nanoTime();
            disturbed = true;
            if (braked == null) {
                inARow.add(processKey);
                if (inARow.size() >= threshold) {
                    braked = new BrakedProcessor(processor, Instant.now(), errorClass(failure));
                    log.warn(
                            "Processor {} is braked: {} processes in a row failed, and none succeeded. None is set aside any"
                                    + " more; it tries again, after growing waits, until one gets through. Look for what they"
                                    + " have in common, such as a collaborator that is away or a broken deployment. The last one, {},"
                                    + " failed with",
                            processor,
                            threshold,
                            processKey,
                            failure);
                }
            }
            return braked != null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Something has been handled and committed.
     *
     * @param began when, in {@link System#nanoTime}
     * @return whether this has released the brake
     */
    boolean succeeded(long began) {
        if (!disturbed) {
            return false;
        }
        lock.lock();
        try {
            if (began - lastFailure < 0) {
                return false;
            }
            BrakedProcessor ended = braked;
            clear();
            if (ended == null) {
                return false;
            }
            log.info(
                    "Processor {} is not braked any more, after {}: a process got through",
                    processor,
                    Duration.between(ended.since(), Instant.now()));
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    boolean isOn() {
        return braked != null;
    }

    Optional<BrakedProcessor> braked() {
        return Optional.ofNullable(braked);
    }

    /** Waits until the brake is off, or the time is up; true if the processor is stopped. An interrupt counts as a stop. */
    boolean isStoppedWithin(Duration wait) {
        lock.lock();
        try {
            long nanos = wait.toNanos();
            while (braked != null && !stopping && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return stopping;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waits, until it is opened again. */
    void stop() {
        lock.lock();
        try {
            stopping = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Begins anew. */
    void open() {
        lock.lock();
        try {
            stopping = false;
            clear();
        } finally {
            lock.unlock();
        }
    }

    private void clear() {
        inARow.clear();
        disturbed = false;
        braked = null;
    }

    static String errorClass(Throwable failure) {
        Throwable cause = failure instanceof ProcessFailedException failed ? failed.failure() : failure;
        return cause.getClass().getName();
    }
}
