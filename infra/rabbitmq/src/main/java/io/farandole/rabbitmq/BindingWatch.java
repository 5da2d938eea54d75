package io.farandole.rabbitmq;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * How far the confirmed events are also known to have reached every follower: a confirm says that all <em>bound</em>
 * queues have the event, so only what was confirmed before a check that finds every binding counts. (A binding that is
 * removed and restored between two checks is not seen; that takes an administrator twice within seconds.) Where there is
 * no check, or the broker cannot be asked, a confirm is enough, and a warning says so. Used by the relay's thread.
 */
final class BindingWatch {

    private static final long FIRST_CHECK_SECONDS = 10;

    private final Optional<BindingCheck> check;
    private final RelayProgress progress;
    private final Wakeup wakeup;
    private @Nullable CompletableFuture<List<String>> running;
    private long candidate;
    private long verifiedUpTo;
    private long startedNanos;
    private boolean confirmedSince;
    private boolean foundMissing;

    BindingWatch(Optional<BindingCheck> check, RelayProgress progress, Wakeup wakeup, long position) {
        this.check = check;
        this.progress = progress;
        this.wakeup = wakeup;
        this.verifiedUpTo = position;
    }

    /** Looks now, and waits for the answer up to a bound. */
    void lookNow(long confirmedUpTo) throws RelayHaltedException {
        if (check.isEmpty()) {
            verifiedUpTo = confirmedUpTo;
            return;
        }
        start(check.get(), confirmedUpTo);
        CompletableFuture<List<String>> answer = running;
        try {
            if (answer != null) {
                answer.get(FIRST_CHECK_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (TimeoutException e) {
            answer.completeExceptionally(e);
        } catch (ExecutionException e) {
            // Evaluated below, as every answer is.
        }
        evaluate();
    }

    /** A confirm arrived. */
    void confirmed() {
        confirmedSince = true;
    }

    /** Evaluates a check that has ended, and starts one if the last is older than {@code interval} and there is a need. */
    void turn(long confirmedUpTo, long intervalNanos) throws RelayHaltedException {
        evaluate();
        if (foundMissing || running != null || confirmedUpTo == verifiedUpTo) {
            return;
        }
        if (check.isEmpty() || !confirmedSince) {
            verifiedUpTo = confirmedUpTo;
        } else if (System.nanoTime() - startedNanos >= intervalNanos) {
            start(check.get(), confirmedUpTo);
        }
    }

    private void start(BindingCheck check, long confirmedUpTo) {
        candidate = confirmedUpTo;
        confirmedSince = false;
        startedNanos = System.nanoTime();
        CompletableFuture<List<String>> started = check.missing().toCompletableFuture();
        running = started;
        CompletableFuture<List<String>> unused = started.whenComplete((missing, failure) -> wakeup.signal());
    }

    private void evaluate() throws RelayHaltedException {
        CompletableFuture<List<String>> ended = running;
        if (ended == null || !ended.isDone()) {
            return;
        }
        running = null;
        List<String> missing;
        try {
            missing = ended.join();
            progress.warning(null);
        } catch (RuntimeException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            progress.warning("The followers' bindings cannot be checked: " + cause);
            missing = List.of();
        }
        if (!missing.isEmpty()) {
            foundMissing = true;
            throw new RelayHaltedException(String.join(" ", missing), 0);
        }
        verifiedUpTo = candidate;
    }

    /** Up to where the position may be saved. */
    long verifiedUpTo() {
        return verifiedUpTo;
    }
}
