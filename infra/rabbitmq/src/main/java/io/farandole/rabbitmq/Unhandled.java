package io.farandole.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What was set aside: {@code <context>.unhandled}, where the listener puts what it cannot take, or
 * {@code <context>.inbox.dlq}, where the broker itself puts what it gives up on. Messages can be looked at, and put back
 * into the inbox once the cause is removed; what had arrived after all is a duplicate there and changes nothing.
 *
 * <p>Thread-safe; each call opens a connection of its own. While a call runs, its messages are hidden from other calls.
 */
public final class Unhandled {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final TopologySpec spec;
    private final Broker broker;
    private final RabbitMetrics metrics;
    private final String queue;

    private Unhandled(TopologySpec spec, Broker broker, RabbitMetrics metrics, String queue) {
        this.spec = spec;
        this.broker = broker;
        this.metrics = metrics;
        this.queue = queue;
    }

    /** What the listener has set aside. */
    public static Unhandled of(TopologySpec spec, Broker broker, RabbitMetrics metrics) {
        return new Unhandled(spec, broker, metrics, spec.unhandled());
    }

    /** What the broker has dead-lettered from the inbox. */
    public static Unhandled deadLetters(TopologySpec spec, Broker broker, RabbitMetrics metrics) {
        return new Unhandled(spec, broker, metrics, spec.deadLetters());
    }

    /**
     * How many messages there are, without those that a running call holds.
     *
     * @throws BrokerUnavailableException if the broker cannot be asked
     */
    public long count() {
        return onLink(link -> link.openChannel().messageCount(queue));
    }

    /**
     * Looks at the messages, oldest first, and leaves them there.
     *
     * @param limit at most so many; bodies are read into memory one by one
     * @throws BrokerUnavailableException if the broker cannot be asked
     */
    public List<UnhandledMessage> list(int limit) {
        return onLink(link -> {
            Channel channel = link.openChannel();
            List<UnhandledMessage> messages = new ArrayList<>();
            GetResponse response = limit > 0 ? channel.basicGet(queue, false) : null;
            while (response != null) {
                messages.add(describe(delivered(response)));
                response = messages.size() < limit ? channel.basicGet(queue, false) : null;
            }
            // Unacknowledged messages return to their places when the channel ends.
            channel.abort();
            return messages;
        });
    }

    /**
     * Puts messages back into the inbox, in their order. Each is removed here only after the broker has confirmed that the
     * inbox has it; after a failure in between it may be in both, which the inbox notices.
     *
     * @param which those to put back
     * @param limit look at so many messages at most
     * @return how many were put back
     * @throws BrokerUnavailableException if the broker cannot be asked, or does not take them
     */
    public int putBack(Predicate<UnhandledMessage> which, int limit) {
        int count = onLink(link -> {
            Channel channel = link.openChannel();
            ParkingChannel parking = new ParkingChannel(link, spec.parking(), TIMEOUT);
            int putBack = 0;
            for (int looked = 0; looked < limit; looked++) {
                GetResponse response = channel.basicGet(queue, false);
                if (response == null) {
                    break;
                }
                Delivered delivered = delivered(response);
                if (which.test(describe(delivered))) {
                    parking.publish(
                            TopologySpec.TO_INBOX, Originals.putBack(spec.parking(), delivered), delivered.body());
                    parking.confirmAll();
                    channel.basicAck(delivered.tag(), false);
                    putBack++;
                }
            }
            // Closing in good order: the acknowledgements before it are worked off by the broker.
            channel.close();
            return putBack;
        });
        metrics.putBack(count);
        return count;
    }

    private static Delivered delivered(GetResponse response) {
        return new Delivered(
                response.getEnvelope().getDeliveryTag(),
                response.getEnvelope().getExchange(),
                response.getEnvelope().getRoutingKey(),
                response.getProps(),
                response.getBody());
    }

    private UnhandledMessage describe(Delivered delivered) {
        BasicProperties properties = delivered.properties();
        String reason = Originals.header(properties, WireHeaders.REASON);
        String routingKey = Originals.header(properties, WireHeaders.ORIGINAL_ROUTING_KEY);
        return new UnhandledMessage(
                Originals.header(properties, WireHeaders.UNHANDLED_ID),
                reason != null ? reason : Originals.header(properties, "x-first-death-reason"),
                Originals.header(properties, WireHeaders.DETAIL),
                time(Originals.header(properties, WireHeaders.SET_ASIDE_AT)),
                properties.getMessageId(),
                properties.getType(),
                Originals.exchange(spec.parking(), delivered.exchange(), properties),
                routingKey != null ? routingKey : delivered.routingKey(),
                Originals.userId(spec.parking(), delivered.exchange(), properties),
                delivered.body().length);
    }

    private static @Nullable Instant time(@Nullable String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private <T> T onLink(Call<T> call) {
        Link link = null;
        try {
            link = Link.open(broker, "farandole-unhandled-" + spec.context(), new Wakeup());
            return call.on(link);
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            throw new BrokerUnavailableException(queue + ": " + broker.describe(e), e);
        } finally {
            if (link != null) {
                link.abort();
            }
        }
    }

    @FunctionalInterface
    private interface Call<T> {
        T on(Link link) throws IOException, TimeoutException;
    }
}
