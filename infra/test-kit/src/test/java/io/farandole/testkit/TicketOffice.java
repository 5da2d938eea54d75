package io.farandole.testkit;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import io.farandole.testkit.booking.BookingApplication;
import io.farandole.testservers.Patience;
import io.farandole.testservers.TestBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A ticket office without a journal: sends bookings over AMQP, and keeps every answer that it is given. */
final class TicketOffice implements AutoCloseable {

    static final String NAME = "tickets";

    private final Connection connection;
    private final Channel channel;
    private final Map<String, Queue<String>> told = new ConcurrentHashMap<>();

    TicketOffice(TestBroker broker) throws Exception {
        connection = broker.connectionFactory(broker.provideSender(NAME, BookingApplication.BOOK))
                .newConnection();
        channel = connection.createChannel();
        channel.confirmSelect();
        channel.basicConsume(NAME + ".replies", true, new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(String tag, Envelope envelope, BasicProperties properties, byte[] body) {
                told.computeIfAbsent(properties.getCorrelationId(), id -> new ConcurrentLinkedQueue<>())
                        .add(properties.getMessageId() + " " + new String(body, StandardCharsets.UTF_8));
            }
        });
    }

    static String plain(String seat) {
        return booking(seat, 0, false);
    }

    static String booking(String seat, int failures, boolean refused) {
        return "{\"seat\":\"%s\",\"failures\":%d,\"refused\":%b}".formatted(seat, failures, refused);
    }

    /** Publishes a command whose id is the seat; {@link #confirmed} waits for the broker. */
    void publish(String seat, String body) throws IOException {
        publish(seat, body, NAME + ".replies");
    }

    void publish(String seat, String body, String replyTo) throws IOException {
        channel.basicPublish(
                BookingApplication.BOOK.substring(0, BookingApplication.BOOK.indexOf('.')) + ".commands",
                BookingApplication.BOOK,
                new BasicProperties.Builder()
                        .messageId(seat)
                        .userId(NAME)
                        .replyTo(replyTo)
                        .deliveryMode(2)
                        .build(),
                body.getBytes(StandardCharsets.UTF_8));
    }

    void confirmed() throws Exception {
        channel.waitForConfirmsOrDie(20_000);
    }

    void send(String seat, String body) throws Exception {
        publish(seat, body);
        confirmed();
    }

    Set<String> answered() {
        return told.keySet();
    }

    /** The answers to a command, each with its message id, in the order in which they came. */
    List<String> answers(String seat) {
        return List.copyOf(told.getOrDefault(seat, new ConcurrentLinkedQueue<>()));
    }

    /** Waits until a command was answered so often. */
    List<String> await(String seat, int times) {
        return Patience.await("answers to " + seat)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> answers(seat), answers -> answers.size() >= times);
    }

    @Override
    public void close() {
        connection.abort(1_000);
    }
}
