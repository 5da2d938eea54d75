package io.farandole.axon;

import io.farandole.messaging.Headers;
import io.farandole.messaging.command.AcceptedCommand;
import io.farandole.messaging.command.Answer;
import io.farandole.messaging.command.CommandOutcome;
import io.farandole.messaging.command.CommandOutcome.Refused;
import io.farandole.messaging.command.RefusalReason;
import io.farandole.messaging.command.RefusedCommandException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.ResultMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.RollbackConfigurationType;
import org.jspecify.annotations.Nullable;

/**
 * Carries out single commands, each in a unit of work of its own, for what it says about itself is handed on to what it causes only.
 * Thread-safe.
 */
final class CommandExecution {

    private final Map<String, AcceptedCommand<?>> accepted;
    private final CommandJson json;
    private final TransactionManager transactions;
    private final Clock clock;

    CommandExecution(
            Map<String, AcceptedCommand<?>> accepted, CommandJson json, TransactionManager transactions, Clock clock) {
        this.accepted = accepted;
        this.json = json;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Runs work in one unit of work with one transaction, which is committed when this returns. */
    <R> @Nullable R inTransaction(String what, Callable<@Nullable R> work) throws Exception {
        DefaultUnitOfWork<GenericMessage<String>> unit = DefaultUnitOfWork.startAndGet(new GenericMessage<>(what));
        // Ends the unit of work itself where no transaction can be had.
        unit.attachTransaction(transactions);
        return run(unit, work);
    }

    /** The answer to a command; what it does joins the transaction under way. */
    Answer answer(CommandTable.Waiting command) throws Exception {
        String sender = command.key().sender();
        String id = command.key().id();
        CommandOutcome outcome = outcome(command);
        return outcome instanceof CommandOutcome.Done done
                ? Answer.done(sender, id, json.write(done.result()))
                : Answer.refused(sender, id, (Refused) outcome);
    }

    private CommandOutcome outcome(CommandTable.Waiting command) throws Exception {
        if (command.notAfter() != null && clock.instant().isAfter(command.notAfter())) {
            return Refused.of(
                    RefusalReason.TIME_LIMIT_PASSED, "It was not carried out before its time limit, and will not be");
        }
        AcceptedCommand<?> known = accepted.get(command.type());
        if (known == null) {
            return Refused.of(RefusalReason.UNKNOWN_TYPE, "The context has ceased to accept " + command.type());
        }
        return handle(known, command);
    }

    private <T> CommandOutcome handle(AcceptedCommand<T> known, CommandTable.Waiting command) throws Exception {
        T request;
        try {
            request = json.read(command.body(), known.request());
        } catch (RefusedCommandException e) {
            // Nothing was done yet: there is nothing to roll back.
            return e.refusal();
        }
        DefaultUnitOfWork<GenericMessage<String>> unit =
                DefaultUnitOfWork.startAndGet(new GenericMessage<>(command.type()));
        Map<String, String> correlation = correlation(command);
        unit.registerCorrelationDataProvider(message -> correlation);
        CommandOutcome outcome = run(unit, () -> known.handler().handle(request));
        if (outcome == null) {
            throw new IllegalStateException("The handler of " + command.type() + " returns no outcome");
        }
        return outcome;
    }

    private static Map<String, String> correlation(CommandTable.Waiting command) {
        Map<String, String> data = new HashMap<>();
        data.put(Headers.CORRELATION_ID, command.correlationId());
        data.put(Headers.CAUSATION_ID, command.key().id());
        if (command.traceparent() != null) {
            data.put(Headers.TRACEPARENT, command.traceparent());
        }
        return data;
    }

    private static <R> @Nullable R run(DefaultUnitOfWork<?> unit, Callable<@Nullable R> work) throws Exception {
        ResultMessage<@Nullable R> result = unit.executeWithResult(work, RollbackConfigurationType.ANY_THROWABLE);
        if (result.isExceptional()) {
            Throwable failure = result.exceptionResult();
            if (failure instanceof Error error) {
                throw error;
            }
            throw (Exception) failure;
        }
        return result.getPayload();
    }
}
