package io.farandole.axon;

import io.farandole.messaging.Headers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.MessageDispatchInterceptor;
import org.jspecify.annotations.Nullable;

/**
 * Gives the first message of a conversation its correlation id: its own id; and the trace that is open on the thread, if
 * the message has none. For the command bus and the event store. Thread-safe.
 */
public final class ConversationStart implements MessageDispatchInterceptor<Message<?>> {

    private final Supplier<@Nullable String> traceparent;

    /** @param traceparent the W3C trace context of the calling thread; null where there is none */
    public ConversationStart(Supplier<@Nullable String> traceparent) {
        this.traceparent = traceparent;
    }

    @Override
    public BiFunction<Integer, Message<?>, Message<?>> handle(List<? extends Message<?>> messages) {
        return (index, message) -> started(message);
    }

    private Message<?> started(Message<?> message) {
        boolean correlated = message.getMetaData().containsKey(Headers.CORRELATION_ID);
        String trace = message.getMetaData().containsKey(Headers.TRACEPARENT) ? null : traceparent.get();
        if (correlated && trace == null) {
            return message;
        }
        Map<String, Object> added = new HashMap<>();
        if (!correlated) {
            added.put(Headers.CORRELATION_ID, message.getIdentifier());
        }
        if (trace != null) {
            added.put(Headers.TRACEPARENT, trace);
        }
        return message.andMetaData(added);
    }
}
