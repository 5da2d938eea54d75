package io.farandole.axon;

import org.axonframework.eventhandling.EventMessage;
import org.jspecify.annotations.Nullable;

/**
 * An event handler invoker that knows how its handlers want events to be tried again ({@link Retries}). Handlers of
 * Axon's own invokers are found without it. Thread-safe.
 */
@FunctionalInterface
public interface RetryDeclaring {

    /**
     * How an event that failed is to be tried again; asked after a failure only.
     *
     * @return null if neither its handler nor the handler's class says so
     */
    @Nullable RetryPolicy retryOf(EventMessage<?> event);
}
