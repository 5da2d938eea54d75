package io.farandole.audit.whatif;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.GenericCommandResultMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.Registration;
import org.axonframework.messaging.MessageDispatchInterceptor;
import org.axonframework.messaging.MessageHandler;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.jspecify.annotations.Nullable;

/** A gateway and a bus that note what they are given, send nothing, and answer as if it had been done. */
final class NotingCommands implements CommandGateway, CommandBus {

    private final SagaActions notes;
    private final Function<Object, @Nullable Object> replies;

    /**
     * Tells of each command.
     *
     * @param replies what a command is answered with
     */
    NotingCommands(SagaActions notes, Function<Object, @Nullable Object> replies) {
        this.notes = notes;
        this.replies = replies;
    }

    private @Nullable Object note(CommandMessage<?> command) {
        Object payload = command.getPayload();
        notes.command(simpleName(command), payload);
        return payload == null ? null : replies.apply(payload);
    }

    private static String simpleName(CommandMessage<?> command) {
        String name = command.getCommandName();
        return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
    }

    private CommandResultMessage<?> result(CommandMessage<?> command) {
        try {
            return GenericCommandResultMessage.asCommandResultMessage(note(command));
        } catch (RuntimeException e) {
            return GenericCommandResultMessage.asCommandResultMessage(e);
        }
    }

    /** Whoever takes the answer may decide by it. */
    private @Nullable Object answer(Object command) {
        CommandMessage<?> message = GenericCommandMessage.asCommandMessage(command);
        Object answer = note(message);
        if (answer == null) {
            notes.unanswered(simpleName(message));
        }
        return answer;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <C, R> void send(C command, CommandCallback<? super C, ? super R> callback) {
        CommandMessage<C> message = GenericCommandMessage.asCommandMessage(command);
        callback.onResult(message, (CommandResultMessage<R>) result(message));
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"}) // as Axon declares it
    public <R> R sendAndWait(Object command) {
        return (R) answer(command);
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"}) // as Axon declares it
    public <R> R sendAndWait(Object command, long timeout, TimeUnit unit) {
        return (R) answer(command);
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // a reply may be null
    public <R> CompletableFuture<R> send(Object command) {
        try {
            return CompletableFuture.completedFuture((R) answer(command));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public <C> void dispatch(CommandMessage<C> command) {
        note(command);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <C, R> void dispatch(CommandMessage<C> command, CommandCallback<? super C, ? super R> callback) {
        callback.onResult(command, (CommandResultMessage<R>) result(command));
    }

    @Override
    public Registration subscribe(String commandName, MessageHandler<? super CommandMessage<?>> handler) {
        return () -> true;
    }

    @Override
    public Registration registerHandlerInterceptor(
            MessageHandlerInterceptor<? super CommandMessage<?>> handlerInterceptor) {
        return () -> true;
    }

    @Override
    public Registration registerDispatchInterceptor(
            MessageDispatchInterceptor<? super CommandMessage<?>> dispatchInterceptor) {
        return () -> true;
    }
}
