package io.farandole.acceptance.patterns;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.farandole.messaging.JsonCodec;
import io.farandole.testservers.TestBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

/** Hears over RabbitMQ how orders ended, as anybody else may who follows the order context. */
final class ToldOnTheWire implements AutoCloseable {

    private final Connection connection;
    private final JsonCodec json = new JsonCodec();
    private final Map<String, String> outcomes = new ConcurrentHashMap<>();

    ToldOnTheWire(TestBroker broker) throws IOException, TimeoutException {
        connection = broker.adminConnectionFactory().newConnection("flash-sale");
        Channel channel = connection.createChannel();
        String queue = channel.queueDeclare().getQueue();
        for (String type : new String[] {"order.order-confirmed.v1", "order.order-cancelled.v1"}) {
            channel.queueBind(queue, "order.events", type);
        }
        channel.basicConsume(
                queue,
                true,
                (tag, message) -> outcomes.put(
                        json.readTree(new String(message.getBody(), StandardCharsets.UTF_8))
                                .path("orderId")
                                .asString(""),
                        message.getEnvelope().getRoutingKey()),
                tag -> {});
    }

    /** The last that was told of each order, by order id. */
    Map<String, String> outcomes() {
        return outcomes;
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
