package io.farandole.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Publishes to {@code <context>.parking} and knows afterwards that a queue has it. Used by one thread. */
final class ParkingChannel {

    private final Link link;
    private final String parking;
    private final Duration timeout;
    private @Nullable Channel channel;
    private volatile boolean returned;

    ParkingChannel(Link link, String parking, Duration timeout) {
        this.link = link;
        this.parking = parking;
        this.timeout = timeout;
    }

    void publish(String routingKey, BasicProperties properties, byte[] body) throws IOException {
        open().basicPublish(parking, routingKey, true, properties, body);
    }

    /**
     * Waits until the broker has everything published since the last call.
     *
     * @throws IOException if it does not have all of it, or does not say so in time: publish all of it again
     */
    void confirmAll() throws IOException {
        Channel open = channel;
        if (open == null) {
            return;
        }
        try {
            boolean confirmed = open.waitForConfirms(timeout.toMillis());
            if (returned) {
                throw new IOException("A queue is not bound to " + parking + " (keys " + TopologySpec.TO_UNHANDLED
                        + ", "
                        + TopologySpec.TO_INBOX + "): restart with declaring switched on, or load the definitions"
                        + " (infra/services start does)");
            }
            if (!confirmed) {
                throw new IOException("The broker refuses what is published to " + parking);
            }
        } catch (TimeoutException e) {
            throw new IOException(
                    "The broker does not confirm what is published to " + parking + " within " + timeout, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while publishing to " + parking, e);
        } catch (ShutdownSignalException e) {
            throw new IOException("The channel to " + parking + " is lost", e);
        }
    }

    private Channel open() throws IOException {
        Channel open = channel;
        if (open != null && open.isOpen()) {
            return open;
        }
        Channel opened = link.openChannel();
        opened.confirmSelect();
        opened.addReturnListener(message -> returned = true);
        channel = opened;
        returned = false;
        return opened;
    }

    /** Forgets the channel, confirms and returns to come included; the next publish opens another. */
    void reset() {
        Channel open = channel;
        channel = null;
        returned = false;
        if (open != null && open.isOpen()) {
            try {
                open.abort();
            } catch (IOException e) {
                link.abandon(open);
            }
        }
    }
}
