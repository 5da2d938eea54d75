package io.farandole.rabbitmq;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * How far the confirmed events are also known to have reached every follower: a confirm says that all <em>bound</em>
 * queues have the event, so only what was confirmed before a check that finds every binding counts. Where there is
 * no check a confirm is enough. Used by the relay's thread.
 *
 * <p><b>What checks cannot see</b> is a binding that is removed and put back between two of them: nothing at the broker tells. So they must be close
 * together. While events are published there is one per interval; the first event after a silence is published together with a
 * check. What lies between the beginning of one that found every binding and the end of the next is at most {@link #LONGEST_INTERVALS}
 * intervals; so a binding that stays away for longer is noticed, or is away while nothing is published. (After a silence it has to be
 * back before the check that goes with the first event is answered, within milliseconds, to remain unseen.)
 *
 * <p>If more lies between the two (the broker was frozen with the question, or this process was, or the question failed), the second one says
 * nothing of what was confirmed: all of that is published again from the saved position, and checked anew. Followers ignore what they have.
 * If the next check is late again, the broker is slow rather than frozen, or cannot be asked at all, and to publish everything
 * twice would help nobody: then late checks count, until one is in time, and a warning says so.
 */
final class BindingWatch {

    /** So many check intervals may lie between two checks. */
    static final int LONGEST_INTERVALS = 3;

    private static final long FIRST_CHECK_SECONDS = 10;

    private final Optional<BindingCheck> check;
    private final RelayProgress progress;
    private final Wakeup wakeup;
    private final Duration interval;
    private @Nullable CompletableFuture<List<String>> running;
    private long candidate;
    private long verifiedUpTo;
    private long startedNanos;
    private boolean confirmedSince;

    /** When the last check began that found every binding; at first, when this session did. */
    private long foundNanos = System.nanoTime();

    /** What was confirmed is to be published again, and no later check of this session may count for it. */
    private boolean unproven;

    /** {@code interval} between checks while events are published; {@code position} is the saved one. */
    BindingWatch(
            Optional<BindingCheck> check, Duration interval, RelayProgress progress, Wakeup wakeup, long position) {
        this.check = check;
        this.interval = interval;
        this.progress = progress;
        this.wakeup = wakeup;
        this.verifiedUpTo = position;
    }

    /**
     * Looks now, and waits for the answer up to a bound.
     *
     * @throws TimeoutException as {@link #turn} does
     */
    void lookNow(long confirmedUpTo) throws RelayHaltedException, TimeoutException {
        if (unproven) {
            return;
        }
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

    /** Something is about to be published; up to here all is confirmed. */
    void publishing(long confirmedUpTo) {
        if (check.isPresent() && running == null && !unproven && isDue(interval.toNanos())) {
            start(check.get(), confirmedUpTo);
        }
    }

    /** A confirm arrived. */
    void confirmed() {
        confirmedSince = true;
    }

    /**
     * Evaluates a check that has ended, and starts one if the last is older than {@code interval} and there is a need.
     *
     * @throws TimeoutException if the check came too late to say anything of what was confirmed: it is to be published again
     */
    void turn(long confirmedUpTo, long intervalNanos) throws RelayHaltedException, TimeoutException {
        evaluate();
        if (unproven || running != null || confirmedUpTo == verifiedUpTo) {
            return;
        }
        if (check.isEmpty() || !confirmedSince) {
            verifiedUpTo = confirmedUpTo;
        } else if (isDue(intervalNanos)) {
            start(check.get(), confirmedUpTo);
        }
    }

    private boolean isDue(long intervalNanos) {
        return System.nanoTime() - startedNanos >= intervalNanos;
    }

    private void start(BindingCheck check, long confirmedUpTo) {
        candidate = confirmedUpTo;
        confirmedSince = false;
        startedNanos = System.nanoTime();
        CompletableFuture<List<String>> started = check.missing().toCompletableFuture();
        running = started;
        CompletableFuture<List<String>> unused = started.whenComplete((missing, failure) -> wakeup.signal());
    }

    private void evaluate() throws RelayHaltedException, TimeoutException {
        CompletableFuture<List<String>> ended = running;
        if (ended == null || !ended.isDone()) {
            return;
        }
        running = null;
        try {
            List<String> missing = ended.join();
            if (!missing.isEmpty()) {
                unproven = true;
                throw new RelayHaltedException(String.join(" ", missing), 0);
            }
            found();
        } catch (CompletionException | CancellationException e) {
            notAnswered(e.getCause() == null ? e : e.getCause());
        }
    }

    private void found() throws TimeoutException {
        if (isLate()) {
            failOnFirstLateCheck();
            progress.warning("The broker is slow: the followers' bindings were seen "
                    + sinceFound().toMillis() + " ms apart. A binding that is missing for less is not noticed.");
        } else if (isInTime()) {
            progress.warning(null);
            progress.checkedInTime();
        }
        foundNanos = startedNanos;
        verifiedUpTo = candidate;
    }

    /** Asked again after the interval. Until then nothing is saved, unless that has lasted for long. */
    private void notAnswered(Throwable cause) throws TimeoutException {
        progress.warning("The followers' bindings cannot be checked: " + cause);
        confirmedSince = true;
        if (isLate()) {
            failOnFirstLateCheck();
            verifiedUpTo = candidate;
        }
    }

    /** Whether there is something to verify, and too much time for it. */
    private boolean isLate() {
        return candidate > verifiedUpTo && !isInTime();
    }

    private boolean isInTime() {
        return sinceFound().compareTo(interval.multipliedBy(LONGEST_INTERVALS)) <= 0;
    }

    private Duration sinceFound() {
        return Duration.ofNanos(System.nanoTime() - foundNanos);
    }

    private void failOnFirstLateCheck() throws TimeoutException {
        if (progress.firstLateCheck()) {
            unproven = true;
            throw new TimeoutException(
                    "the followers' bindings were last seen " + sinceFound().toMillis()
                            + " ms ago, and may have been missing since; connecting again, and publishing again from position "
                            + verifiedUpTo);
        }
    }

    /** Up to where the position may be saved. */
    long verifiedUpTo() {
        return verifiedUpTo;
    }
}
