package io.farandole.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import io.farandole.messaging.command.Answer;
import io.farandole.messaging.command.CommandMetrics;
import io.farandole.messaging.command.Replies;
import io.farandole.messaging.command.Reply;
import io.farandole.messaging.failpoint.Failpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends answers to {@code <context>.replies} with {@code reply_to} as routing key: a window of them, then the broker's confirms for all,
 * then they are out of the queue of replies. At least once, with the same id and body each time.
 *
 * <p>An answer for which there is no queue is counted and not sent again by itself: it is kept, and its sender is given it when it repeats
 * the command. One thread of its own; all methods may be called from any thread.
 */
public final class ReplyPublisher {

    private static final Logger LOG = LoggerFactory.getLogger(ReplyPublisher.class);

    /** Below the time for which taken replies are kept from other instances. */
    private static final Duration CONFIRM_TIMEOUT = Duration.ofSeconds(5);

    private static final int WINDOW = 200;
    private static final Duration STORE_BACK_OFF = Duration.ofMillis(500);

    private final CommandQueues queues;
    private final Replies replies;
    private final Duration poll;
    private final CommandMetrics metrics;
    private final BrokerLoop loop;
    private Replies.Registration registration = () -> {};

    /** A publisher; {@code poll}: how often it looks for what nobody told of, such as what another instance has left behind. */
    public ReplyPublisher(
            String context, Broker broker, Replies replies, Duration poll, CommandMetrics metrics, Clock clock) {
        this.queues = new CommandQueues(context);
        this.replies = replies;
        this.poll = poll;
        this.metrics = metrics;
        this.loop = new BrokerLoop(LOG, "farandole-replies-of-" + context, broker, clock, this::session);
    }

    /** Starts its thread and returns at once: the broker need not be there. */
    public synchronized void start() {
        registration = replies.onQueued(loop.wakeup()::signal);
        loop.start();
    }

    /** Ends after the window under way. */
    public synchronized void stop() {
        registration.close();
        loop.stop();
    }

    /** Whether it has a connection. */
    public boolean isConnected() {
        return loop.isConnected();
    }

    /** What is wrong now; empty while it works. */
    public Optional<String> problem() {
        return loop.problem();
    }

    private void session(Link link) throws IOException {
        Channel channel = link.openChannel();
        Set<String> returned = ConcurrentHashMap.newKeySet();
        channel.confirmSelect();
        channel.addReturnListener(message -> {
            returned.add(String.valueOf(message.getProperties().getMessageId()));
            loop.wakeup().signal();
        });
        while (!loop.isStopping()) {
            link.failIfLost();
            if (link.blocked() != null) {
                loop.pause("The broker takes no messages now: " + link.blocked(), STORE_BACK_OFF);
                continue;
            }
            List<Reply> window = take();
            if (window.isEmpty()) {
                loop.wakeup().await(poll.toNanos());
            } else {
                send(channel, window, returned);
            }
        }
    }

    private List<Reply> take() {
        try {
            List<Reply> window = replies.take(WINDOW);
            loop.works();
            return window;
        } catch (RuntimeException e) {
            loop.pause(
                    "Replies cannot be read: " + e.getClass().getSimpleName() + ": " + e.getMessage(), STORE_BACK_OFF);
            return List.of();
        }
    }

    private void send(Channel channel, List<Reply> window, Set<String> returned) throws IOException {
        boolean confirmed = false;
        try {
            for (Reply reply : window) {
                channel.basicPublish(
                        queues.replies(),
                        reply.replyTo(),
                        true,
                        properties(reply),
                        reply.body().getBytes(StandardCharsets.UTF_8));
                Failpoint.REPLY_PUBLISHED.reached();
            }
            confirmed = channel.waitForConfirms(CONFIRM_TIMEOUT.toMillis());
            if (!confirmed) {
                throw new IOException("The broker refuses replies");
            }
        } catch (TimeoutException e) {
            throw new IOException("The broker does not confirm replies within " + CONFIRM_TIMEOUT, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while sending replies", e);
        } catch (ShutdownSignalException e) {
            throw new IOException("The channel is lost", e);
        } finally {
            if (!confirmed) {
                giveBack(window);
            }
        }
        Failpoint.REPLIES_CONFIRMED.reached();
        tell(window, returned);
        try {
            replies.settled(positions(window));
            Failpoint.REPLIES_SETTLED.reached();
        } catch (RuntimeException e) {
            // They are handed out, and sent, once more.
            loop.pause("Sent replies cannot be crossed off: " + e.getClass().getSimpleName(), STORE_BACK_OFF);
        }
    }

    /** If this fails as well, they are free after a while. */
    private void giveBack(List<Reply> window) {
        try {
            replies.giveBack(positions(window));
        } catch (RuntimeException e) {
            LOG.debug("Replies cannot be given back", e);
        }
    }

    private void tell(List<Reply> window, Set<String> returned) {
        for (Reply reply : window) {
            if (returned.contains(reply.id())) {
                metrics.unroutable();
                LOG.warn("There is no queue for {}; it is kept, and sent again if the command is repeated", reply);
            } else {
                metrics.replied();
            }
        }
        returned.clear();
    }

    private static List<Long> positions(List<Reply> window) {
        List<Long> positions = new ArrayList<>(window.size());
        window.forEach(reply -> positions.add(reply.position()));
        return positions;
    }

    private BasicProperties properties(Reply reply) {
        return new BasicProperties.Builder()
                .messageId(reply.id())
                .correlationId(reply.correlationId())
                .type(Answer.wireType(reply.outcome()))
                .appId(queues.context())
                .userId(queues.context())
                .contentType("application/json")
                .deliveryMode(2)
                .headers(Map.of("farandole-command-type", reply.commandType()))
                .build();
    }
}
