package io.farandole.acceptance.patterns;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.farandole.acceptance.shop.RunningShop;
import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;
import io.farandole.messaging.JsonCodec;
import io.farandole.rabbitmq.EnvelopeCodec;
import io.farandole.rabbitmq.RejectedMessageException;
import io.farandole.shop.kernel.PublishedLanguage;
import io.farandole.testservers.TestBroker;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Publishes facts of the published language in their contexts' names, as the contexts' relays do: to the same exchange, as the same
 * user, confirmed by the broker. In whatever order, and as often as the caller likes. Used by one thread.
 */
final class Facts implements AutoCloseable {

    private static final Duration CONFIRMED_WITHIN = Duration.ofSeconds(20);

    private final TestBroker broker;
    private final Map<String, TestBroker.ContextUser> users;
    private final Map<String, Connection> connections = new HashMap<>();
    private final Map<String, Channel> channels = new HashMap<>();
    private final EnvelopeCodec codec = new EnvelopeCodec();
    private long sequence;

    Facts(RunningShop shop) {
        this.broker = shop.broker();
        this.users = shop.users();
    }

    /** A fact under an id of its own; it is not published yet. */
    Envelope of(Record fact) {
        PublishedLanguage.Entry<?> entry = PublishedLanguage.ENTRIES.stream()
                .filter(it -> it.type() == fact.getClass())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Nobody publishes " + fact.getClass()));
        EventType type = EventType.parse(entry.wireType());
        String key = keyOf(entry, fact);
        @Nullable String none = null;
        return new Envelope(
                UUID.randomUUID().toString(),
                type.context(),
                type,
                key,
                Instant.now(),
                key,
                ++sequence,
                none,
                none,
                none,
                none,
                new JsonCodec().write(fact));
    }

    private static <T extends Record> String keyOf(PublishedLanguage.Entry<T> entry, Record fact) {
        return entry.processKey().apply(entry.type().cast(fact));
    }

    /** Publishes a fact once, under an id of its own. */
    void say(Record fact) throws IOException, TimeoutException, InterruptedException, RejectedMessageException {
        deliver(of(fact));
    }

    /** Publishes a fact, perhaps again under the same id; returns when the broker has confirmed it. */
    void deliver(Envelope fact) throws IOException, TimeoutException, InterruptedException, RejectedMessageException {
        EnvelopeCodec.Message message = codec.encode(fact);
        Channel channel = channelOf(fact.source());
        channel.basicPublish(
                fact.source() + ".events", message.routingKey(), true, message.properties(), message.body());
        channel.waitForConfirmsOrDie(CONFIRMED_WITHIN.toMillis());
    }

    private Channel channelOf(String context) throws IOException, TimeoutException {
        Channel open = channels.get(context);
        if (open != null) {
            return open;
        }
        TestBroker.ContextUser user = users.get(context);
        if (user == null) {
            throw new IllegalArgumentException("No context " + context);
        }
        Connection connection = broker.connectionFactory(user).newConnection("acceptance-facts-" + context);
        connections.put(context, connection);
        Channel channel = connection.createChannel();
        channel.confirmSelect();
        channels.put(context, channel);
        return channel;
    }

    @Override
    public void close() {
        connections.values().forEach(connection -> connection.abort(1_000));
    }
}
