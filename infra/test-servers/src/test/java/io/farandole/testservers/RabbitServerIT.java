package io.farandole.testservers;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class RabbitServerIT {

    @Test
    void carriesAnEventFromOneContextToAnotherAsInProduction() throws Exception {
        try (TestBroker broker = RabbitServer.shared().createVhost()) {
            TestBroker.ContextUser stock = broker.provideContext("stock", List.of("order.order-placed.v1"));
            TestBroker.ContextUser order = broker.provideContext("order", List.of("stock.stock-reserved.v1"));
            try (Connection from = broker.connectionFactory(order).newConnection();
                    Connection to = broker.connectionFactory(stock).newConnection();
                    Channel out = from.createChannel();
                    Channel in = to.createChannel()) {
                out.confirmSelect();
                out.basicPublish(
                        "order.events", "order.order-placed.v1", true, null, "one".getBytes(StandardCharsets.UTF_8));
                out.waitForConfirmsOrDie(5_000);

                BlockingQueue<String> received = new LinkedBlockingQueue<>();
                in.basicConsume(
                        "stock.inbox",
                        true,
                        (tag, delivery) -> received.add(new String(delivery.getBody(), StandardCharsets.UTF_8)),
                        tag -> {});
                assertThat(received.poll(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo("one");
            }
            // The queue's statistics, which name its policy, follow within a few seconds.
            await().untilAsserted(
                            () -> assertThat(broker.manage("GET", "queues/" + broker.vhost() + "/stock.inbox", ""))
                                    .contains("\"policy\":\"farandole-inbox-stock\"")
                                    .contains("\"dead-letter-strategy\":\"at-least-once\""));
        }
    }

    @Test
    void refusesWhatAContextMayNotDo() throws Exception {
        try (TestBroker broker = RabbitServer.shared().createVhost()) {
            broker.provideContext("order", List.of("stock.stock-reserved.v1"));
            TestBroker.ContextUser stock = broker.provideContext("stock", List.of("order.order-placed.v1"));
            try (Connection connection = broker.connectionFactory(stock).newConnection()) {
                assertRefused(
                        connection,
                        channel -> channel.queueBind("stock.inbox", "order.events", "order.payment-requested.v1"));
                assertRefused(connection, channel -> channel.queueBind("stock.inbox", "order.events", "#"));
                assertRefused(connection, channel -> channel.basicGet("order.inbox", true));
                assertRefused(connection, channel -> channel.exchangeDeclare("order.other", "topic"));
                assertRefused(connection, channel -> {
                    channel.basicPublish("order.events", "order.order-placed.v1", null, new byte[0]);
                    channel.exchangeDeclarePassive("stock.events");
                });
                assertRefused(connection, channel -> {
                    channel.basicPublish("", "stock.inbox", null, new byte[0]);
                    channel.exchangeDeclarePassive("stock.events");
                });
                assertRefused(connection, channel -> {
                    channel.basicPublish(
                            "stock.events",
                            "stock.stock-reserved.v1",
                            new AMQP.BasicProperties.Builder().userId("order").build(),
                            new byte[0]);
                    channel.exchangeDeclarePassive("stock.events");
                });
            }
        }
    }

    @Test
    void createsAUserWithoutTopologyForTestsOfItsDeclaration() throws Exception {
        try (TestBroker broker = RabbitServer.shared().createVhost()) {
            TestBroker.ContextUser order = broker.contextUser("order", "stock.stock-reserved.v1");
            try (Connection connection = broker.connectionFactory(order).newConnection();
                    Channel channel = connection.createChannel()) {
                channel.queueDeclare("order.inbox", true, false, false, Map.of("x-queue-type", "quorum"));
            }
            assertThat(broker.manage("GET", "policies/" + broker.vhost(), "")).contains("farandole-inbox-order");
            assertThatThrownBy(() -> broker.manage("GET", "exchanges/" + broker.vhost() + "/order.events", ""))
                    .hasMessageContaining("404");
        }
    }

    @Test
    void deletesTheVirtualHostWithAllThatItHolds() throws IOException, TimeoutException {
        TestBroker broker = RabbitServer.shared().createVhost();
        broker.provideContext("order", List.of());
        broker.close();

        assertThatThrownBy(() -> broker.adminConnectionFactory().newConnection())
                .isInstanceOf(IOException.class);
        broker.close();
    }

    private interface Attempt {
        void on(Channel channel) throws IOException;
    }

    private static void assertRefused(Connection connection, Attempt attempt) throws Exception {
        Channel channel = connection.createChannel();
        assertThatThrownBy(() -> attempt.on(channel)).satisfies(refused -> assertThat(
                        refused instanceof ShutdownSignalException ? refused : refused.getCause())
                .hasMessageMatching("(?s).*(ACCESS_REFUSED|PRECONDITION_FAILED).*"));
    }
}
