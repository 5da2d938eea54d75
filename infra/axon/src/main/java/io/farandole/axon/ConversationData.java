package io.farandole.axon;

import io.farandole.messaging.Headers;
import java.util.HashMap;
import java.util.Map;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.correlation.CorrelationDataProvider;

/**
 * What a message hands on to those that it causes: the process key, the conversation, itself as the cause, and the trace.
 * Axon adds it to the metadata of every command and event that is made while the message is handled.
 *
 * <p>A command that an event has caused hands that event on as the cause, not itself: commands stand in no journal, and have a new
 * id whenever they are sent. So the cause of an event can be looked up, and two effects of one event can be told.
 *
 * <p>What a command makes names that command ({@link Headers#COMMAND}), for those who ask the journal how it came about.
 *
 * <p>An event that names its process key itself (see {@code EventTypes}) or that carries another one keeps its own.
 * Replaces Axon's {@code MessageOriginProvider}, whose {@code correlationId} is only the direct cause. Thread-safe.
 */
public final class ConversationData implements CorrelationDataProvider {

    @Override
    public Map<String, ?> correlationDataFor(Message<?> message) {
        Map<String, Object> data = new HashMap<>();
        Object correlation = message.getMetaData().get(Headers.CORRELATION_ID);
        data.put(Headers.CORRELATION_ID, correlation == null ? message.getIdentifier() : correlation);
        data.put(Headers.CAUSATION_ID, cause(message));
        Object processKey = message.getMetaData().get(Headers.PROCESS_KEY);
        if (processKey != null) {
            data.put(Headers.PROCESS_KEY, processKey);
        } else if (message instanceof EventMessage<?> event) {
            data.put(Headers.PROCESS_KEY, ProcessKeys.of(event));
        }
        Object traceparent = message.getMetaData().get(Headers.TRACEPARENT);
        if (traceparent != null) {
            data.put(Headers.TRACEPARENT, traceparent);
        }
        if (message instanceof CommandMessage<?> command) {
            data.put(Headers.COMMAND, simpleName(command.getCommandName()));
        }
        return data;
    }

    private static String simpleName(String commandName) {
        return commandName.substring(Math.max(commandName.lastIndexOf('.'), commandName.lastIndexOf('$')) + 1);
    }

    private static Object cause(Message<?> message) {
        Object causeOfCommand =
                message instanceof CommandMessage<?> ? message.getMetaData().get(Headers.CAUSATION_ID) : null;
        return causeOfCommand == null ? message.getIdentifier() : causeOfCommand;
    }
}
