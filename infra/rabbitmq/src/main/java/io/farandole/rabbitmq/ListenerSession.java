package io.farandole.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import io.farandole.messaging.DutyCycle;
import io.farandole.messaging.Inbox;
import io.farandole.messaging.failpoint.Failpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listening over one channel. The client's thread only puts deliveries into a queue, which the prefetch bounds; the
 * listener's thread appends, sets aside and acknowledges, on this channel and no other: a lost channel ends the session,
 * and what was not acknowledged is delivered again to the next one, where the inbox knows it.
 */
final class ListenerSession {

    private static final Logger LOG = LoggerFactory.getLogger(ListenerSession.class);
    private static final int ATTEMPTS_TOGETHER = 3;
    private static final long IDLE_LOOK_NANOS = 1_000_000_000L;

    private static final double BUSY_SHARE = 0.25;
    private static final Duration BURST = Duration.ofMillis(20);
    private static final Duration LONGEST_REST = Duration.ofMillis(50);

    private final ListenerContext context;
    private final ListenerSettings settings;
    private final Link link;
    private final Wakeup wakeup;
    private final ListenerProgress progress;
    private final int session;
    private final Trouble trouble;
    private final Runnable worksAgain;
    private final BooleanSupplier stopping;
    private final Triage triage;
    private final ParkingChannel parking;
    private final Channel channel;
    private final DutyCycle duty;
    private final Queue<Delivered> deliveries = new ConcurrentLinkedQueue<>();
    private volatile @Nullable String ended;
    private volatile @Nullable ShutdownSignalException lost;

    ListenerSession(
            ListenerContext context,
            Link link,
            Wakeup wakeup,
            ListenerProgress progress,
            Trouble trouble,
            Runnable worksAgain,
            BooleanSupplier stopping)
            throws IOException {
        this.context = context;
        this.settings = context.settings();
        this.link = link;
        this.wakeup = wakeup;
        this.progress = progress;
        this.session = progress.session();
        this.trouble = trouble;
        this.worksAgain = worksAgain;
        this.stopping = stopping;
        this.triage = new Triage(context.spec(), context.codec());
        this.parking = new ParkingChannel(link, context.spec().parking(), settings.parkingTimeout());
        this.channel = link.openChannel();
        this.duty = new DutyCycle(settings.linger().isZero() ? 1 : BUSY_SHARE, BURST, LONGEST_REST, System.nanoTime());
    }

    /** Consumes until it is to stop or to hand over; then it returns normally. */
    void run() throws IOException {
        channel.addShutdownListener(cause -> {
            lost = cause;
            wakeup.signal();
        });
        channel.basicQos(settings.prefetch());
        List<String> consumers = new ArrayList<>();
        for (String queue : context.queues()) {
            consumers.add(channel.basicConsume(queue, false, new IntoQueue(queue)));
        }
        progress.state(ListenerStatus.State.LISTENING);
        trouble.over();
        while (!stopping.getAsBoolean()) {
            failIfLost();
            DeliveryBatch batch = collect();
            if (batch.size() == 0) {
                wakeup.await(IDLE_LOOK_NANOS);
            } else {
                long began = System.nanoTime();
                if (!settle(batch)) {
                    return;
                }
                rest(began);
            }
        }
        finish(consumers);
    }

    /** Lets more gather, if the listener is busy more than it may be, and something is here already, but not a batch. */
    private void rest(long began) {
        long now = System.nanoTime();
        duty.worked(now - began, now);
        int waiting = deliveries.size();
        if (waiting > 0 && waiting < settings.batchSize() && duty.rest() > 0) {
            wakeup.awaitUntil(() -> stopping.getAsBoolean() || isLost(), duty.rest());
        }
    }

    /** Takes no further deliveries, and settles those that are here, as long as that works at once. */
    private void finish(List<String> consumers) throws IOException {
        long end = System.nanoTime() + settings.stopTimeout().toNanos();
        for (String consumer : consumers) {
            channel.basicCancel(consumer);
        }
        DeliveryBatch batch = collect();
        while (batch.size() > 0 && System.nanoTime() < end && settle(batch)) {
            batch = collect();
        }
    }

    private DeliveryBatch collect() {
        DeliveryBatch batch = new DeliveryBatch(triage);
        fill(batch);
        if (batch.size() > 1
                && batch.size() < settings.batchSize()
                && !settings.linger().isZero()) {
            wakeup.await(settings.linger().toNanos());
            fill(batch);
        }
        return batch;
    }

    private void fill(DeliveryBatch batch) {
        while (batch.size() < settings.batchSize()) {
            Delivered next = deliveries.poll();
            if (next == null) {
                return;
            }
            batch.add(next);
        }
    }

    /** Appends, then sets aside, and only then acknowledges; whether that was done before it had to stop or hand over. */
    private boolean settle(DeliveryBatch batch) throws IOException {
        Failpoint.LISTENER_RECEIVED.reached();
        if (!append(batch) || !setAside(batch)) {
            return false;
        }
        failIfLost();
        // Everything up to the last tag of the batch is settled, earlier batches included.
        channel.basicAck(batch.lastTag(), true);
        Failpoint.LISTENER_ACKNOWLEDGED.reached();
        progress.settled(batch.size());
        progress.state(ListenerStatus.State.LISTENING);
        trouble.over();
        worksAgain.run();
        return true;
    }

    private boolean append(DeliveryBatch batch) throws IOException {
        BackOff backOff = new BackOff(settings.initialBackOff(), settings.maxBackOff());
        List<Inbox.Receipt> receipts = new ArrayList<>();
        long handOver = System.nanoTime() + settings.handOverAfter().toNanos();
        for (int attempt = 1; !batch.isAppended(); attempt++) {
            try {
                if (attempt <= ATTEMPTS_TOGETHER) {
                    receipts.add(batch.append(context.inbox()));
                } else {
                    // Others may tell whether it is an event or the inbox: let them join.
                    fill(batch);
                    batch.appendOneByOne(context.inbox(), receipts);
                }
            } catch (RuntimeException e) {
                context.metrics().appendFailed();
                progress.state(ListenerStatus.State.STORE_UNAVAILABLE);
                LOG.debug("Appending fails", e);
                if (!pause(
                        "The inbox cannot be written: " + e.getClass().getSimpleName() + ": " + e.getMessage(),
                        backOff,
                        handOver)) {
                    return false;
                }
            }
        }
        List<String> conflicts = new ArrayList<>();
        for (Inbox.Receipt receipt : receipts) {
            progress.appended(
                    receipt.appended(), receipt.duplicates(), context.clock().instant());
            context.metrics().appended(receipt.appended(), receipt.duplicates());
            conflicts.addAll(receipt.conflicts());
        }
        batch.conflicts(conflicts);
        Failpoint.LISTENER_COMMITTED.reached();
        return true;
    }

    private boolean setAside(DeliveryBatch batch) throws IOException {
        List<DeliveryBatch.Rejected> rejected = batch.rejected();
        if (rejected.isEmpty()) {
            return true;
        }
        BackOff backOff = new BackOff(settings.initialBackOff(), settings.maxBackOff());
        long handOver = System.nanoTime() + settings.handOverAfter().toNanos();
        boolean done = false;
        while (!done) {
            try {
                for (DeliveryBatch.Rejected one : rejected) {
                    setAside(one);
                }
                parking.confirmAll();
                done = true;
            } catch (IOException | ShutdownSignalException e) {
                parking.reset();
                failIfLost();
                progress.state(ListenerStatus.State.PARKING_UNAVAILABLE);
                String problem = "What is no event for " + context.spec().context() + " cannot be set aside: "
                        + context.broker().describe(e);
                if (!pause(problem, backOff, handOver)) {
                    return false;
                }
            }
        }
        Failpoint.LISTENER_SET_ASIDE.reached();
        progress.setAside(rejected.size());
        for (DeliveryBatch.Rejected one : rejected) {
            context.metrics().setAside(one.rejection().reason());
            LOG.warn(
                    "Listener of {}: set {} aside to {}: {}",
                    context.spec().context(),
                    one.delivery(),
                    context.spec().unhandled(),
                    one.rejection().getMessage());
        }
        return true;
    }

    private void setAside(DeliveryBatch.Rejected one) throws IOException {
        String id = context.ids().get().toString();
        BasicProperties properties = Originals.setAside(
                context.spec().parking(),
                one.delivery(),
                one.rejection(),
                id,
                context.clock().instant());
        try {
            parking.publish(
                    TopologySpec.TO_UNHANDLED, properties, one.delivery().body());
        } catch (IllegalArgumentException e) {
            // Headers that fill a frame already: the client refuses to add ours. The body is kept at least.
            LOG.warn(
                    "Listener of {}: the headers of {} cannot be kept",
                    context.spec().context(),
                    one.delivery(),
                    e);
            parking.publish(
                    TopologySpec.TO_UNHANDLED,
                    Originals.setAsideBare(one.rejection(), id, context.clock().instant()),
                    one.delivery().body());
        }
    }

    /** Waits before the next attempt; false if there is to be none, because of a stop or a hand-over. */
    private boolean pause(String problem, BackOff backOff, long handOver) throws IOException {
        trouble.report(problem);
        wakeup.awaitUntil(
                () -> stopping.getAsBoolean() || isLost(), backOff.next().toNanos());
        failIfLost();
        return !stopping.getAsBoolean() && System.nanoTime() - handOver < 0;
    }

    private boolean isLost() {
        return lost != null || ended != null || link.isLost();
    }

    private void failIfLost() throws IOException {
        ShutdownSignalException cause = lost;
        if (cause != null) {
            throw new IOException("The channel is lost", cause);
        }
        String reason = ended;
        if (reason != null) {
            throw new IOException(reason);
        }
        link.failIfLost();
    }

    private final class IntoQueue extends DefaultConsumer {

        private final String queue;

        private IntoQueue(String queue) {
            super(channel);
            this.queue = queue;
        }

        @Override
        public void handleDelivery(String consumerTag, Envelope envelope, BasicProperties properties, byte[] body) {
            context.metrics().received(1);
            progress.received(session);
            deliveries.add(new Delivered(
                    envelope.getDeliveryTag(), envelope.getExchange(), envelope.getRoutingKey(), properties, body));
            wakeup.signal();
        }

        @Override
        public void handleCancel(String consumerTag) {
            ended = "The broker has ended consuming from " + queue + ": the queue was deleted, or has" + " no leader";
            wakeup.signal();
        }
    }
}
