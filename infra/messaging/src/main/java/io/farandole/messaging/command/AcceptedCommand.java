package io.farandole.messaging.command;

import io.farandole.messaging.EventType;

/**
 * A command that other services may send over the broker, and what this context does with it. A context accepts what it has
 * such a bean for, and nothing else.
 *
 * @param type the wire type, {@code stock.receive-goods.v1}; its first part is this context
 * @param request what the JSON body is read as; constraints of Jakarta Validation on it are checked
 * @param handler carries it out
 */
public record AcceptedCommand<T>(EventType type, Class<T> request, Handler<T> handler) {

    /** A command by its wire type. */
    public static <T> AcceptedCommand<T> of(String wireType, Class<T> request, Handler<T> handler) {
        return new AcceptedCommand<>(EventType.parse(wireType), request, handler);
    }

    /**
     * Carries a command out, in a transaction that also keeps the answer: whatever it writes and whatever commands it sends commit
     * with the answer or not at all. It may be called again for the same command after a rollback, so it has no effects outside of
     * the transaction. Called by one thread at a time per instance.
     */
    @FunctionalInterface
    public interface Handler<T> {

        /**
         * Does it, or refuses it. A refusal that is returned commits what was written before; one that must undo something is thrown.
         *
         * @throws RefusedCommandException if it is refused and everything is to be rolled back
         * @throws Exception a defect or an outage: rolled back and tried again
         */
        CommandOutcome handle(T request) throws Exception;
    }
}
