package io.farandole.saga.outside;

import io.farandole.messaging.JsonCodec;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.messaging.ResultMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a worker does with one claimed call: make it, unless its outcome is known already, and record the result. */
final class OutsideCallAttempt {

    private static final Logger log = LoggerFactory.getLogger(OutsideCallAttempt.class);
    private static final int LONGEST_ERROR = 2000;

    private final OutsideCallStore store;
    private final TransactionManager transactions;
    private final CommandBus commands;
    private final JsonCodec codec;
    private final Map<String, OutsideCallHandler<?, ?>> handlers;
    private final OutsideCallSettings settings;
    private final OutsideCallObserver observer;

    OutsideCallAttempt(
            OutsideCallStore store,
            TransactionManager transactions,
            CommandBus commands,
            JsonCodec codec,
            Map<String, OutsideCallHandler<?, ?>> handlers,
            OutsideCallSettings settings,
            OutsideCallObserver observer) {
        this.store = store;
        this.transactions = transactions;
        this.commands = commands;
        this.codec = codec;
        this.handlers = handlers;
        this.settings = settings;
        this.observer = observer;
    }

    /** Works on a claimed call; answers how soon it should be looked at again, zero if it is closed or left to others. */
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
        return record(claim, handler, request, result);
    }

    private <Q, R> Outcome<R> call(OutsideCallStore.Claim claim, OutsideCallHandler<Q, R> handler, Q request) {
        long start = System.nanoTime();
        Outcome<R> outcome;
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
            return delay;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private <Q, R> Duration record(
            OutsideCallStore.Claim claim, OutsideCallHandler<Q, R> handler, Q request, R result) {
        String json = codec.write(result);
        try {
            if (close(claim, handler.command(request, result), json)) {
                observer.recorded(claim.kind());
            } else {
                observer.overtaken(claim.kind());
                log.warn(
                        "Outside call {} of process {} took longer than its lease and was taken over; the result of claim {}"
                                + " is not recorded",
                        claim.idempotencyKey(),
                        claim.processKey(),
                        claim.claim());
            }
            return Duration.ZERO;
        } catch (RuntimeException e) {
            boolean counts = !TransientFailures.isTransient(e);
            boolean giveUp = counts && claim.recordAttempts() + 1 >= settings.recordAttempts();
            Duration delay = settings.of(claim.kind()).backoff(claim.recordAttempts() + 1);
            store.keepResult(claim, json, cut(describe(e)), counts, delay, giveUp);
            observer.recordFailed(claim.kind(), giveUp);
            if (giveUp) {
                log.error(
                        "The result of outside call {} of process {} was refused {} times and is set aside as FAILED",
                        claim.idempotencyKey(),
                        claim.processKey(),
                        claim.recordAttempts() + 1,
                        e);
                return Duration.ZERO;
            }
            log.warn(
                    "The result of outside call {} of process {} could not be recorded; again in {}: {}",
                    claim.idempotencyKey(),
                    claim.processKey(),
                    delay,
                    describe(e));
            return delay;
        }
    }

    /**
     * Closes the call and sends the command in one unit of work and transaction. The unit of work is the root, so that the
     * aggregate's lock is held until the commit.
     *
     * @return false if the claim no longer holds; nothing was done then
     */
    private boolean close(OutsideCallStore.Claim claim, Object payload, String result) {
        CommandMessage<Object> command =
                GenericCommandMessage.asCommandMessage(payload).andMetaData(metadata(claim));
        UnitOfWork<CommandMessage<Object>> unit = DefaultUnitOfWork.startAndGet(command);
        unit.attachTransaction(transactions);
        ResultMessage<Boolean> outcome = unit.executeWithResult(() -> {
            if (!store.close(claim, result)) {
                return false;
            }
            dispatch(command);
            return true;
        });
        if (outcome.isExceptional()) {
            throw propagate(outcome.exceptionResult());
        }
        return Boolean.TRUE.equals(outcome.getPayload());
    }

    private void dispatch(CommandMessage<Object> command) {
        AtomicReference<CommandResultMessage<?>> answer = new AtomicReference<>();
        commands.dispatch(command, (message, result) -> answer.set(result));
        CommandResultMessage<?> result = answer.get();
        if (result == null) {
            throw new IllegalStateException("The command bus did not answer " + command.getCommandName()
                    + " on the calling thread: outside calls need one that does, such as SimpleCommandBus, because the"
                    + " command belongs to the transaction that closes the call");
        }
        if (result.isExceptional()) {
            throw propagate(result.exceptionResult());
        }
    }

    private Map<String, Object> metadata(OutsideCallStore.Claim claim) {
        Map<String, Object> metadata = new HashMap<>();
        codec.readTree(claim.metadata())
                .properties()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asString()));
        return metadata;
    }

    private static RuntimeException propagate(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException runtime
                ? runtime
                : new IllegalStateException("Recording the result failed", failure);
    }

    private static String describe(Throwable e) {
        return e.getMessage() == null ? e.getClass().getName() : e.getClass().getName() + ": " + e.getMessage();
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_ERROR ? text : text.substring(0, LONGEST_ERROR);
    }
}
