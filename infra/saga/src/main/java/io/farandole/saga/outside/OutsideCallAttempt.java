package io.farandole.saga.outside;

import io.farandole.messaging.JsonCodec;
import io.farandole.messaging.failpoint.Failpoint;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a worker does with one claimed call: make it, unless its outcome is known already, and hand the result on. */
final class OutsideCallAttempt {

    private static final Logger log = LoggerFactory.getLogger(OutsideCallAttempt.class);
    private static final int LONGEST_ERROR = 2000;

    private final OutsideCallStore store;
    private final JsonCodec codec;
    private final Map<String, OutsideCallHandler<?, ?>> handlers;
    private final OutsideCallSettings settings;
    private final OutsideCallObserver observer;
    private final OutsideCallRecorder recorder;

    OutsideCallAttempt(
            OutsideCallStore store,
            JsonCodec codec,
            Map<String, OutsideCallHandler<?, ?>> handlers,
            OutsideCallSettings settings,
            OutsideCallObserver observer,
            OutsideCallRecorder recorder) {
        this.store = store;
        this.codec = codec;
        this.handlers = handlers;
        this.settings = settings;
        this.observer = observer;
        this.recorder = recorder;
    }

    /** Works on a claimed call; answers how soon it should be looked at again, zero if its result is on its way to be recorded. */
    Duration run(OutsideCallStore.Claim claim) {
        OutsideCallHandler<?, ?> handler = handlers.get(claim.kind());
        if (handler == null) {
            throw new IllegalStateException("Claimed an outside call of kind " + claim.kind() + " without a handler");
        }
        return run(claim, handler);
    }

    private <Q, R> Duration run(OutsideCallStore.Claim claim, OutsideCallHandler<Q, R> handler) {
        Q request;
        R result;
        try {
            request = codec.read(claim.request(), handler.requestType());
            if (claim.result() != null) {
                result = codec.read(claim.result(), handler.resultType());
            } else if (claim.limitPassed()) {
                observer.timeLimitPassed(claim.kind());
                log.warn(
                        "Outside call {} of process {} gave no answer within its time limit ({} attempts)",
                        claim.idempotencyKey(),
                        claim.processKey(),
                        claim.attempts());
                result = handler.onTimeLimit(request);
            } else {
                Outcome<R> outcome = call(claim, handler, request);
                if (outcome instanceof Outcome.Known<R> known) {
                    result = known.result();
                } else {
                    return again(claim, ((Outcome.Unknown<R>) outcome).reason());
                }
            }
        } catch (RuntimeException e) {
            // A defect of the handler or a request that no longer fits its class: visible as last error, tried again.
            log.error("Outside call {} of process {} failed", claim.idempotencyKey(), claim.processKey(), e);
            return again(claim, describe(e));
        }
        try {
            recorder.record(new OutsideCallRecorder.Recording(
                    claim, codec.write(result), () -> handler.command(request, result)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            log.warn(
                    "The result of outside call {} of process {} is not recorded at shutdown; it is made again later",
                    claim.idempotencyKey(),
                    claim.processKey());
        }
        return Duration.ZERO;
    }

    private <Q, R> Outcome<R> call(OutsideCallStore.Claim claim, OutsideCallHandler<Q, R> handler, Q request) {
        long start = System.nanoTime();
        Outcome<R> outcome;
        Failpoint.OUTSIDE_CALL_CLAIMED.reached();
        try {
            outcome = handler.call(request, claim.idempotencyKey());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            outcome = Outcome.unknown("interrupted at shutdown");
        } catch (Exception e) {
            log.debug(
                    "Outside call {} of process {} has an unknown outcome",
                    claim.idempotencyKey(),
                    claim.processKey(),
                    e);
            outcome = Outcome.unknown(describe(e));
        }
        Failpoint.OUTSIDE_CALL_ANSWERED.reached();
        observer.called(claim.kind(), Duration.ofNanos(System.nanoTime() - start), outcome instanceof Outcome.Known);
        return outcome;
    }

    private Duration again(OutsideCallStore.Claim claim, String reason) {
        // An interrupted thread gets no connection; at shutdown the call is given back at once, not left to its lease.
        boolean interrupted = Thread.interrupted();
        try {
            Duration delay =
                    interrupted ? Duration.ZERO : settings.of(claim.kind()).backoff(claim.attempts());
            store.again(claim, delay, cut(reason));
            Failpoint.OUTSIDE_CALL_POSTPONED.reached();
            return delay;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Class and message, not too long to be stored. */
    static String describe(Throwable e) {
        String text =
                e.getMessage() == null ? e.getClass().getName() : e.getClass().getName() + ": " + e.getMessage();
        return cut(text);
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_ERROR ? text : text.substring(0, LONGEST_ERROR);
    }
}
