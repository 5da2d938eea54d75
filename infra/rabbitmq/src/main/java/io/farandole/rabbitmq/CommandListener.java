package io.farandole.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import io.farandole.messaging.command.CommandInbox;
import io.farandole.messaging.command.CommandMetrics;
import io.farandole.messaging.command.ReceivedCommand;
import io.farandole.messaging.failpoint.Failpoint;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives commands: stores each delivery batch in one transaction, and acknowledges it after the commit, with {@code multiple}. Nothing
 * is carried out here. Whatever comes is stored, what is no command with its refusal: so each message is answered, or counted where
 * there is nobody to answer.
 *
 * <p>While the store cannot be reached, what was delivered stays unacknowledged, at most as much as the prefetch, and storing is tried
 * again. One thread of its own; all methods may be called from any thread.
 */
public final class CommandListener {

    private static final Logger LOG = LoggerFactory.getLogger(CommandListener.class);
    private static final long IDLE_LOOK_NANOS = 1_000_000_000L;
    private static final long GATHER_NANOS = 2_000_000L;
    private static final Duration INITIAL_BACK_OFF = Duration.ofMillis(100);
    private static final Duration MAX_BACK_OFF = Duration.ofSeconds(5);

    private final CommandQueues queues;
    private final CommandInbox inbox;
    private final CommandDoor door;
    private final int prefetch;
    private final int batchSize;
    private final CommandMetrics metrics;
    private final BrokerLoop loop;

    /**
     * A listener for what a context accepts.
     *
     * @param accepted the wire types
     * @param maxBody the longest body that is read, in bytes
     * @param prefetch deliveries that the broker hands out ahead
     * @param batchSize stored in one transaction at most; not more than {@code prefetch}
     */
    public CommandListener(
            String context,
            Broker broker,
            CommandInbox inbox,
            Set<String> accepted,
            int maxBody,
            int prefetch,
            int batchSize,
            CommandMetrics metrics,
            Clock clock) {
        Settings.atLeastOne("batchSize", batchSize);
        if (batchSize > prefetch || prefetch > 65_535) {
            throw new IllegalArgumentException(
                    "prefetch is at most 65535 and batchSize at most prefetch, not " + prefetch + " and " + batchSize);
        }
        this.queues = new CommandQueues(context);
        this.inbox = inbox;
        this.door = new CommandDoor(accepted, maxBody, clock);
        this.prefetch = prefetch;
        this.batchSize = batchSize;
        this.metrics = metrics;
        this.loop =
                new BrokerLoop(LOG, "farandole-commands-in-" + context, broker, clock, link -> new Session(link).run());
    }

    /** Starts its thread and returns at once: the broker need not be there. */
    public void start() {
        loop.start();
    }

    /** Takes no further deliveries; what was not stored goes back to the queue. */
    public void stop() {
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

    @SuppressWarnings("ArrayRecordComponent") // never compared; bodies are not copied
    private record Arrived(
            long tag, boolean deadLettered, String routingKey, BasicProperties properties, byte[] body) {}

    private final class Session {

        private final Link link;
        private final Channel channel;
        private final Queue<Arrived> arrived = new ConcurrentLinkedQueue<>();
        private volatile @Nullable String ended;

        private Session(Link link) throws IOException {
            this.link = link;
            this.channel = link.openChannel();
        }

        private void run() throws IOException {
            channel.addShutdownListener(cause -> end("The channel is lost: " + cause.getMessage()));
            channel.basicQos(prefetch);
            channel.basicConsume(queues.commands(), false, new IntoQueue(queues.commands()));
            channel.basicConsume(queues.deadLetters(), false, new IntoQueue(queues.deadLetters()));
            loop.works();
            while (!loop.isStopping()) {
                failIfEnded();
                if (arrived.isEmpty()) {
                    loop.wakeup().await(IDLE_LOOK_NANOS);
                } else {
                    settle(gather());
                }
            }
        }

        private List<Arrived> gather() {
            List<Arrived> batch = new ArrayList<>();
            fill(batch);
            if (batch.size() > 1 && batch.size() < batchSize) {
                loop.wakeup().await(GATHER_NANOS);
                fill(batch);
            }
            return batch;
        }

        private void fill(List<Arrived> batch) {
            while (batch.size() < batchSize) {
                Arrived next = arrived.poll();
                if (next == null) {
                    return;
                }
                batch.add(next);
            }
        }

        private void settle(List<Arrived> batch) throws IOException {
            List<ReceivedCommand> commands = batch.stream()
                    .map(one -> door.examine(one.routingKey(), one.properties(), one.body(), one.deadLettered()))
                    .toList();
            if (!store(commands)) {
                return;
            }
            Failpoint.COMMANDS_STORED.reached();
            failIfEnded();
            // Everything up to the last tag of the batch is stored, earlier batches included.
            channel.basicAck(batch.get(batch.size() - 1).tag(), true);
            loop.works();
        }

        /** Whether they are stored, before it has to stop. */
        private boolean store(List<ReceivedCommand> commands) throws IOException {
            BackOff backOff = new BackOff(INITIAL_BACK_OFF, MAX_BACK_OFF);
            while (true) {
                try {
                    metrics.stored(inbox.store(commands));
                    return true;
                } catch (RuntimeException e) {
                    metrics.storeFailed();
                    LOG.debug("Storing commands fails", e);
                    if (!loop.pause(
                            "Commands cannot be stored: " + e.getClass().getSimpleName() + ": " + e.getMessage(),
                            backOff.next())) {
                        return false;
                    }
                    failIfEnded();
                }
            }
        }

        private void end(String why) {
            ended = why;
            loop.wakeup().signal();
        }

        private void failIfEnded() throws IOException {
            String why = ended;
            if (why != null) {
                throw new IOException(why);
            }
            link.failIfLost();
        }

        private final class IntoQueue extends DefaultConsumer {

            private final String queue;

            private IntoQueue(String queue) {
                super(channel);
                this.queue = queue;
            }

            @Override
            public void handleDelivery(String tag, Envelope envelope, BasicProperties properties, byte[] body) {
                arrived.add(new Arrived(
                        envelope.getDeliveryTag(),
                        queue.equals(queues.deadLetters()),
                        envelope.getRoutingKey(),
                        properties,
                        body));
                loop.wakeup().signal();
            }

            @Override
            public void handleCancel(String tag) {
                end("The broker has ended consuming from " + queue + ": the queue was deleted, or has no leader");
            }
        }
    }
}
