package io.farandole.messaging;

/**
 * Names of what travels beside a payload: as Axon metadata inside a context. On the wire they are the CloudEvents
 * attributes and extensions that {@code rabbitmq} documents.
 */
public final class Headers {

    /** The process that a message belongs to: an order id, a return id. */
    public static final String PROCESS_KEY = "processKey";

    /** The conversation that a message belongs to; the first message's own id where none is given. */
    public static final String CORRELATION_ID = "correlationId";

    /** The id of the message that caused this one. */
    public static final String CAUSATION_ID = "causationId";

    /** W3C trace context. */
    public static final String TRACEPARENT = "traceparent";

    /** The context that an event was received from; absent from a context's own events. */
    public static final String SOURCE = "source";

    /**
     * The name of the command that made an event, without its package; absent where no command did. It stays in the context: others
     * need not know how an event came about.
     */
    public static final String COMMAND = "command";

    private Headers() {}
}
