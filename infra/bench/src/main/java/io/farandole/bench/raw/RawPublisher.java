package io.farandole.bench.raw;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Publishes what a context has committed, so many unconfirmed at a time. Its thread ends when the publisher is closed. */
final class RawPublisher implements AutoCloseable {

    private static final int WINDOW = 512;

    private final BlockingQueue<RawEvent> committed = new LinkedBlockingQueue<>();
    private final ConcurrentSkipListSet<Long> unconfirmed = new ConcurrentSkipListSet<>();
    private final Semaphore window = new Semaphore(WINDOW);
    private final Channel channel;
    private final String user;
    private final int copies;
    private final Thread thread;
    private volatile boolean open = true;

    RawPublisher(String context, Connection connection, String user, int copies, Consumer<Throwable> onFailure)
            throws IOException {
        this.user = user;
        this.copies = copies;
        channel = connection.createChannel();
        channel.exchangeDeclare(exchange(context), "topic", true);
        channel.confirmSelect();
        channel.addConfirmListener(
                this::confirmed,
                (tag, multiple) -> onFailure.accept(new IllegalStateException("The broker refused message " + tag)));
        channel.addReturnListener((code, reason, exchange, key, properties, body) ->
                onFailure.accept(new IllegalStateException("Nobody follows " + key)));
        thread = new Thread(
                () -> {
                    try {
                        publishAll(exchange(context));
                    } catch (IOException | InterruptedException | RuntimeException e) {
                        if (open) {
                            onFailure.accept(e);
                        }
                    }
                },
                "raw-publisher-" + context);
    }

    static String exchange(String context) {
        return context + ".events";
    }

    void start() {
        thread.start();
    }

    /** Hands over what has been committed, in its order. */
    void publish(List<RawEvent> events) {
        for (RawEvent event : events) {
            if (event.wireType() != null) {
                committed.add(event);
            }
        }
    }

    private void publishAll(String exchange) throws IOException, InterruptedException {
        while (open) {
            RawEvent event = committed.poll(200, TimeUnit.MILLISECONDS);
            for (int copy = 0; event != null && copy < copies; copy++) {
                window.acquire();
                unconfirmed.add(channel.getNextPublishSeqNo());
                channel.basicPublish(exchange, event.wireType(), true, event.properties(user), event.message());
            }
        }
    }

    private void confirmed(long tag, boolean multiple) {
        if (!multiple) {
            if (unconfirmed.remove(tag)) {
                window.release();
            }
            return;
        }
        int count = 0;
        for (Long first = unconfirmed.pollFirst(); first != null; first = unconfirmed.pollFirst()) {
            if (first > tag) {
                unconfirmed.add(first);
                break;
            }
            count++;
        }
        window.release(count);
    }

    @Override
    public void close() {
        open = false;
        thread.interrupt();
    }
}
