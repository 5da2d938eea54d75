package io.farandole.rabbitmq;

import io.farandole.messaging.EventType;
import io.farandole.messaging.Followers;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a context has on the broker, as declared in the published language.
 *
 * <ul>
 *   <li>{@code <context>.events}: durable topic exchange, to which the context alone publishes;
 *   <li>{@code <context>.inbox}: durable quorum queue with a single active consumer, bound to {@code <source>.events} by
 *       each followed wire type;
 *   <li>{@code <context>.parking}: durable direct exchange of the context, with the routing keys {@code unhandled} (to
 *       {@code <context>.unhandled}), {@code dlq} (to {@code <context>.inbox.dlq}) and {@code inbox} (back to the inbox);
 *   <li>{@code <context>.unhandled}, {@code <context>.inbox.dlq}: durable quorum queues;
 *   <li>{@code <context>.backfill}: durable direct exchange of the context, through which it sends history to one follower, whose
 *       name is the routing key; and durable quorum queue with a single active consumer, which receives what others so send to this one.
 *       Only definitions bind them to each other: a context may not read another's history by binding to it.
 * </ul>
 *
 * <p>The inbox needs a policy: {@code dead-letter-exchange=<context>.parking}, {@code dead-letter-routing-key=dlq},
 * {@code dead-letter-strategy=at-least-once}, {@code overflow=reject-publish}, and a {@code delivery-limit} of at least
 * {@value #MIN_DELIVERY_LIMIT}, far above any crash loop. From RabbitMQ 4.0 on the other two queues need such a delivery
 * limit as well, because its default of 20 drops messages that are looked at often.
 *
 * <p>Immutable and thread-safe.
 *
 * @param context the context's name, which is also its user on the broker
 * @param follows the types of other contexts that this one follows
 * @param publishes the types that this context publishes, each with the contexts that follow it (none is possible)
 */
public record TopologySpec(String context, Set<EventType> follows, Map<EventType, Set<String>> publishes) {

    /** The least delivery limit that is accepted; the recommended one is {@value #DELIVERY_LIMIT}. */
    public static final int MIN_DELIVERY_LIMIT = 1_000;

    /** The recommended delivery limit. */
    public static final int DELIVERY_LIMIT = 1_000_000;

    /** Routing key of the parking exchange to {@code <context>.unhandled}. */
    public static final String TO_UNHANDLED = "unhandled";

    /** Routing key of the parking exchange back to {@code <context>.inbox}. */
    public static final String TO_INBOX = "inbox";

    /** Routing key of the parking exchange to {@code <context>.inbox.dlq}. */
    public static final String TO_DEAD_LETTERS = "dlq";

    private static final Pattern CONTEXT = Pattern.compile("[a-z][a-z0-9-]{0,99}");
    private static final Comparator<EventType> BY_NAME = Comparator.comparing(EventType::wireType);

    public TopologySpec {
        if (!CONTEXT.matcher(context).matches()) {
            throw new IllegalArgumentException(
                    "A context's name is lower-case letters, digits and hyphens, such as order, not '" + context + "'");
        }
        Set<EventType> followed = new TreeSet<>(BY_NAME);
        followed.addAll(follows);
        Map<EventType, Set<String>> published = new TreeMap<>(BY_NAME);
        publishes.forEach(
                (type, followers) -> published.put(type, Collections.unmodifiableSet(new TreeSet<>(followers))));
        for (EventType type : followed) {
            if (type.context().equals(context)) {
                throw new IllegalArgumentException(context + " cannot follow its own " + type + " over the broker");
            }
        }
        for (EventType type : published.keySet()) {
            if (!type.context().equals(context)) {
                throw new IllegalArgumentException(
                        context + " cannot publish " + type + ", which is another context's");
            }
        }
        follows = Collections.unmodifiableSet(followed);
        publishes = Collections.unmodifiableMap(published);
    }

    /** The part of a declaration of followers that concerns one context. */
    public static TopologySpec of(String context, Followers followers) {
        Set<EventType> follows = new TreeSet<>(BY_NAME);
        Map<EventType, Set<String>> publishes = new TreeMap<>(BY_NAME);
        for (EventType type : followers.types()) {
            Set<String> contexts = new TreeSet<>(followers.of(type));
            if (type.context().equals(context)) {
                contexts.remove(context);
                publishes.put(type, contexts);
            } else if (contexts.contains(context)) {
                follows.add(type);
            }
        }
        return new TopologySpec(context, follows, publishes);
    }

    /** The exchange that a context publishes to. */
    public static String exchangeOf(String context) {
        return context + ".events";
    }

    /** The queue that a context receives from. */
    public static String inboxOf(String context) {
        return context + ".inbox";
    }

    /** {@code <context>.events}. */
    public String exchange() {
        return exchangeOf(context);
    }

    /** {@code <context>.inbox}. */
    public String inbox() {
        return inboxOf(context);
    }

    /** {@code <context>.inbox.dlq}: what the broker itself dead-letters. */
    public String deadLetters() {
        return inbox() + ".dlq";
    }

    /** {@code <context>.backfill}: the exchange through which a context sends history to one follower, and the queue in which it gets some. */
    public static String backfillOf(String context) {
        return context + ".backfill";
    }

    /** {@code <context>.backfill}. */
    public String backfill() {
        return backfillOf(context);
    }

    /** {@code <context>.parking}: the exchange through which the listener sets aside and puts back. */
    public String parking() {
        return context + ".parking";
    }

    /** {@code <context>.unhandled}: what the listener has set aside. */
    public String unhandled() {
        return context + ".unhandled";
    }

    /** The contexts that follow a type of this context; empty also for a type that is not declared. */
    public Set<String> followersOf(EventType type) {
        return publishes.getOrDefault(type, Set.of());
    }
}
