package io.farandole.rabbitmq;

/**
 * What a context that accepts commands has on the broker beside its {@link TopologySpec}.
 *
 * <ul>
 *   <li>{@code <context>.commands}: durable topic exchange, to which senders publish with the wire type as routing key: topic permissions
 *       say who may send what; and durable quorum queue with a single active consumer, bound to it by {@code #}, so that what is
 *       unknown is refused with a reason rather than returned;
 *   <li>{@code <context>.commands.dlq}: durable quorum queue; what the broker gives up comes here, and is answered from here;
 *   <li>{@code <context>.replies}: durable topic exchange, to which the context alone publishes, with {@code reply_to} as routing key;
 *       senders bind queues of their own to it, and topic permissions let each bind to keys that begin with its own name only.
 * </ul>
 *
 * <p>The queue needs a policy: {@code dead-letter-exchange=""} (the default exchange), {@code
 * dead-letter-routing-key=<context>.commands.dlq}, {@code dead-letter-strategy=at-least-once}, {@code overflow=reject-publish} and a high
 * {@code delivery-limit}.
 */
public record CommandQueues(String context) {

    /** {@code <context>.commands}: exchange and queue. */
    public String commands() {
        return context + ".commands";
    }

    /** {@code <context>.commands.dlq}. */
    public String deadLetters() {
        return context + ".commands.dlq";
    }

    /** {@code <context>.replies}. */
    public String replies() {
        return context + ".replies";
    }
}
