package io.farandole.acceptance.patterns;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.farandole.messaging.JsonCodec;
import io.farandole.testservers.TestBroker;
import io.farandole.testservers.TestBroker.ContextUser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/** Places orders through the queue of commands, and hears what is answered. Sends from one thread; what was answered is read by any. */
final class Till implements AutoCloseable {

    private static final String TYPE = "order.place-order.v1";
    private static final long CONFIRMED_WITHIN_MILLIS = 60_000;

    private final ContextUser user;
    private final Connection connection;
    private final Channel channel;
    private final JsonCodec json = new JsonCodec();
    private final Map<String, JsonNode> answers = new ConcurrentHashMap<>();

    Till(TestBroker broker) throws IOException, TimeoutException {
        user = broker.provideSender("till", TYPE);
        connection = broker.connectionFactory(user).newConnection("till");
        channel = connection.createChannel();
        channel.confirmSelect();
        connection
                .createChannel()
                .basicConsume(
                        user.name() + ".replies",
                        true,
                        (tag, reply) -> answers.put(
                                reply.getProperties().getCorrelationId(),
                                json.readTree(new String(reply.getBody(), StandardCharsets.UTF_8))),
                        tag -> {});
    }

    /** Sends an order; whether it is one is answered later. */
    void order(String id, String body) throws IOException {
        channel.basicPublish(
                "order.commands",
                TYPE,
                true,
                new BasicProperties.Builder()
                        .messageId(id)
                        .userId(user.name())
                        .replyTo(user.name() + ".replies")
                        .contentType("application/json")
                        .deliveryMode(2)
                        .build(),
                body.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns when the broker keeps all that was sent. */
    void awaitConfirms() throws IOException, InterruptedException, TimeoutException {
        channel.waitForConfirmsOrDie(CONFIRMED_WITHIN_MILLIS);
    }

    /** What was answered by now, by the order's command. */
    Map<String, JsonNode> answers() {
        return answers;
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
