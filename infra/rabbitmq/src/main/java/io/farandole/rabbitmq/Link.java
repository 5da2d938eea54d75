package io.farandole.rabbitmq;

import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One connection to the broker, watched: whether it is lost, and whether the broker has blocked it. Thread-safe. */
final class Link {

    private static final Duration ABORT_TIMEOUT = Duration.ofSeconds(1);

    private final Connection connection;
    private final Queue<Channel> abandoned = new ConcurrentLinkedQueue<>();
    private volatile @Nullable String blocked;
    private volatile @Nullable ShutdownSignalException lost;

    private Link(Connection connection) {
        this.connection = connection;
    }

    /** Connects; {@code wakeup} is signalled whenever something changes. */
    static Link open(Broker broker, String name, Wakeup wakeup) throws IOException, TimeoutException {
        Connection connection = broker.connect(name);
        Link link = new Link(connection);
        connection.addBlockedListener(new BlockedListener() {
            @Override
            public void handleBlocked(String reason) {
                link.blocked = reason;
                wakeup.signal();
            }

            @Override
            public void handleUnblocked() {
                link.blocked = null;
                wakeup.signal();
            }
        });
        connection.addShutdownListener(cause -> {
            link.lost = cause;
            wakeup.signal();
        });
        return link;
    }

    Connection connection() {
        return connection;
    }

    /** The broker's reason; null if it takes messages. */
    @Nullable String blocked() {
        return blocked;
    }

    boolean isLost() {
        return lost != null || !connection.isOpen();
    }

    void failIfLost() throws IOException {
        ShutdownSignalException cause = lost;
        if (cause != null) {
            throw new IOException("The connection is lost", cause);
        }
    }

    /** Leaves a channel alone that cannot be closed now, because the broker does not read from a blocked connection. */
    void abandon(Channel channel) {
        abandoned.add(channel);
    }

    /** A new channel; closes those that were abandoned. */
    Channel openChannel() throws IOException {
        for (Channel left = abandoned.poll(); left != null; left = abandoned.poll()) {
            left.abort();
        }
        Channel channel = connection.createChannel();
        if (channel == null) {
            throw new IOException("The connection allows no further channel");
        }
        return channel;
    }

    /** Closes it, whatever the broker does. A hung broker must not hold up the caller, so it is asked from another thread. */
    void abort() {
        Thread closer = new Thread(
                () -> connection.abort((int) ABORT_TIMEOUT.toMillis()), "farandole-close-" + connection.getId());
        closer.setDaemon(true);
        closer.start();
        try {
            closer.join(2 * ABORT_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
