package io.farandole.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class PrivateServersIT {

    @Test
    void postgresKeepsWhatWasCommittedThroughAKillAndFreezesOnDemand() throws Exception {
        try (PrivatePostgres postgres = PrivatePostgres.start()) {
            TestDatabase database = postgres.server().createDatabase("killed");
            execute(database, "create table app.kept as select 7 as number");
            long before = postgres.pid();

            postgres.kill();
            assertThatThrownBy(database::connectAsApp).isInstanceOf(SQLException.class);
            postgres.restart();

            assertThat(postgres.pid()).isNotEqualTo(before);
            assertThat(count(database)).isEqualTo(7);

            postgres.pause();
            CompletableFuture<Integer> answer = CompletableFuture.supplyAsync(() -> count(database));
            assertThatThrownBy(() -> answer.get(500, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            postgres.resume();
            assertThat(answer.get(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo(7);
        }
    }

    @Test
    void rabbitKeepsWhatWasConfirmedThroughAKill() throws Exception {
        try (PrivateRabbit rabbit = PrivateRabbit.start()) {
            TestBroker broker = rabbit.server().createVhost();
            TestBroker.ContextUser order = broker.provideContext("order", List.of());
            broker.provideContext("stock", List.of("order.order-placed.v1"));
            // RabbitMQ writes down a little later which queues there are. Killed before that, 3.10.8 comes back with an
            // empty, leaderless queue of that name: what was confirmed is gone. Long-lived queues are meant here.
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5));
            try (Connection connection = broker.connectionFactory(order).newConnection();
                    Channel channel = connection.createChannel()) {
                channel.confirmSelect();
                channel.basicPublish(
                        "order.events",
                        "order.order-placed.v1",
                        MessageProperties.PERSISTENT_BASIC,
                        "kept".getBytes(StandardCharsets.UTF_8));
                channel.waitForConfirmsOrDie(10_000);
                rabbit.kill();
            } catch (com.rabbitmq.client.AlreadyClosedException lost) {
                // Closing what the kill has closed.
            }

            rabbit.restart();

            try (Connection connection = broker.adminConnectionFactory().newConnection();
                    Channel channel = connection.createChannel()) {
                // Received, not counted: a queue that is still electing its leader counts nothing.
                BlockingQueue<String> received = new LinkedBlockingQueue<>();
                channel.basicConsume(
                        "stock.inbox",
                        true,
                        (tag, delivery) -> received.add(new String(delivery.getBody(), StandardCharsets.UTF_8)),
                        tag -> {});
                assertThat(received.poll(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo("kept");
            }
        }
    }

    private static void execute(TestDatabase database, String sql) throws SQLException {
        try (var connection = database.connectAsMigrator();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int count(TestDatabase database) {
        try (var connection = database.connectAsApp();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("select number from kept")) {
            rows.next();
            return rows.getInt(1);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
