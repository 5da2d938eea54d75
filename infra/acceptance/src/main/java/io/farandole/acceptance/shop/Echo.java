package io.farandole.acceptance.shop;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.CancelCallback;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DeliverCallback;
import io.farandole.testservers.TestBroker;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes every message of the shop a second time, under the same id and in its sender's name, through every fault. */
public final class Echo implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Echo.class);
    private static final String QUEUE = "acceptance.copies";

    private final TestBroker broker;
    private final Map<String, TestBroker.ContextUser> users;
    private final Set<String> echoed = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final Thread thread = new Thread(this::run, "acceptance-echo");
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** Starts at once. */
    public Echo(TestBroker broker, Map<String, TestBroker.ContextUser> users) {
        this.broker = broker;
        this.users = users;
        thread.setDaemon(true);
        thread.start();
    }

    /** How many messages were published a second time. */
    public int count() {
        return count.get();
    }

    private void run() {
        while (stopped.getCount() > 0) {
            try {
                echo();
            } catch (IOException | TimeoutException | RuntimeException e) {
                LOG.info("The echo lost the broker and looks for it again: {}", e.toString());
            } catch (InterruptedException e) {
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
        }
    }

    private void echo() throws IOException, TimeoutException, InterruptedException {
        Map<String, Channel> senders = new HashMap<>();
        try (Connection admin = broker.adminConnectionFactory().newConnection("acceptance-echo");
                Connections connections = new Connections()) {
            Channel channel = admin.createChannel();
            channel.queueDeclare(QUEUE, true, false, false, Map.of("x-queue-type", "quorum"));
            for (TestBroker.ContextUser user : users.values()) {
                channel.queueBind(QUEUE, user.name() + ".events", "#");
                senders.put(user.name(), connections.channel(broker, user));
            }
            channel.basicQos(50);
            DeliverCallback deliver = (tag, delivery) -> {
                AMQP.BasicProperties properties = delivery.getProperties();
                String source = delivery.getEnvelope().getExchange().replace(".events", "");
                Channel sender = senders.get(source);
                if (sender != null && echoed.add(source + " " + properties.getMessageId())) {
                    sender.basicPublish(
                            delivery.getEnvelope().getExchange(),
                            delivery.getEnvelope().getRoutingKey(),
                            properties,
                            delivery.getBody());
                    count.incrementAndGet();
                }
                channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
            };
            CancelCallback cancelled = tag -> LOG.info("The echo's queue went away");
            channel.basicConsume(QUEUE, false, deliver, cancelled);
            boolean over = false;
            while (!over && admin.isOpen() && channel.isOpen() && connections.areOpen()) {
                over = stopped.await(200, TimeUnit.MILLISECONDS);
            }
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The senders' connections, closed together. */
    private static final class Connections implements AutoCloseable {

        private final Map<String, Connection> open = new HashMap<>();

        Channel channel(TestBroker broker, TestBroker.ContextUser user) throws IOException, TimeoutException {
            Connection connection = broker.connectionFactory(user).newConnection("acceptance-echo-" + user.name());
            open.put(user.name(), connection);
            return connection.createChannel();
        }

        boolean areOpen() {
            return open.values().stream().allMatch(Connection::isOpen);
        }

        @Override
        public void close() {
            open.values().forEach(connection -> connection.abort(1_000));
        }
    }
}
