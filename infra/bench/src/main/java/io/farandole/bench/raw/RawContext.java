package io.farandole.bench.raw;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One context: takes what has come, as much as is there up to a batch, and in one transaction notes it, acts on it and appends what
 * follows; then acknowledges and publishes.
 */
final class RawContext implements AutoCloseable {

    /** What a context does with messages that it sees for the first time. Called by one thread, in its transaction. */
    interface Acting {

        List<RawEvent> on(List<RawEvent> fresh, java.sql.Connection connection) throws SQLException;
    }

    /** What is told of events once they are durable. */
    interface AfterCommit {

        void committed(List<RawEvent> own);
    }

    private record Delivery(long tag, RawEvent event) {}

    private final BlockingQueue<Delivery> arrived = new LinkedBlockingQueue<>();
    private final RawJournal journal;
    private final RawPublisher publisher;
    private final Acting acting;
    private final AfterCommit afterCommit;
    private final int batch;
    private final Channel channel;
    private final Thread thread;
    private volatile boolean open = true;

    RawContext(
            String name,
            List<String> followed,
            Connection broker,
            RawJournal journal,
            RawPublisher publisher,
            int batch,
            Acting acting,
            AfterCommit afterCommit,
            Consumer<Throwable> onFailure)
            throws IOException {
        this.journal = journal;
        this.publisher = publisher;
        this.acting = acting;
        this.afterCommit = afterCommit;
        this.batch = batch;
        channel = broker.createChannel();
        String queue = name + ".inbox";
        channel.queueDeclare(
                queue, true, false, false, Map.of("x-queue-type", "quorum", "x-single-active-consumer", true));
        for (String wireType : followed) {
            String exchange = RawPublisher.exchange(wireType.substring(0, wireType.indexOf('.')));
            channel.exchangeDeclare(exchange, "topic", true);
            channel.queueBind(queue, exchange, wireType);
        }
        channel.basicQos(Math.max(2, 4 * batch));
        thread = new Thread(
                () -> {
                    try {
                        work();
                    } catch (IOException | SQLException | InterruptedException | RuntimeException e) {
                        if (open) {
                            onFailure.accept(e);
                        }
                    }
                },
                "raw-" + name);
        channel.basicConsume(queue, false, new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(
                    String consumer, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                arrived.add(new Delivery(envelope.getDeliveryTag(), RawEvent.received(properties, body)));
            }
        });
    }

    void start() {
        publisher.start();
        thread.start();
    }

    private void work() throws IOException, SQLException, InterruptedException {
        List<Delivery> taken = new ArrayList<>();
        while (open) {
            taken.clear();
            Delivery first = arrived.poll(200, TimeUnit.MILLISECONDS);
            if (first == null) {
                continue;
            }
            taken.add(first);
            arrived.drainTo(taken, batch - 1);
            List<RawEvent> fresh =
                    journal.receive(taken.stream().map(Delivery::event).toList());
            List<RawEvent> own = fresh.isEmpty() ? List.of() : acting.on(fresh, journal.connection());
            journal.append(own);
            journal.connection().commit();
            afterCommit.committed(own);
            channel.basicAck(taken.get(taken.size() - 1).tag(), true);
            publisher.publish(own);
        }
    }

    @Override
    public void close() {
        open = false;
        thread.interrupt();
        publisher.close();
    }
}
