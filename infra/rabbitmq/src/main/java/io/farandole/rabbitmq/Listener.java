package io.farandole.rabbitmq;

import com.rabbitmq.client.ShutdownSignalException;
import io.farandole.messaging.Inbox;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives what others have published: takes deliveries from {@code <context>.inbox} in batches, appends each batch to the
 * {@link Inbox} in one transaction, and acknowledges after the commit. Nothing is handled on the broker's thread or on
 * this one.
 *
 * <p>Guarantee: a delivery is acknowledged only when its event is durable in the inbox, or the message itself, with the
 * reason, in {@code <context>.unhandled}. What is delivered again is a duplicate there and changes nothing. Order is that
 * of the queue.
 *
 * <p>Set aside is what is no event, what this context does not follow, and a known id with another body; see
 * {@link RejectionReason}. Nothing is rejected or dead-lettered by the listener, so the queue's delivery limit is never
 * used up by it: while the inbox cannot be written the deliveries in hand are kept unacknowledged, at most as many as the
 * prefetch, and appending is tried again with back-off; after {@link ListenerSettings#handOverAfter} they are given back
 * once, for another instance.
 *
 * <p>An event that alone makes appending fail, again and again while events of other processes succeed, is set aside too:
 * it must not stop the whole context.
 *
 * <p>One thread of its own; {@link #start}, {@link #stop} and {@link #status} may be called from any thread.
 */
public final class Listener {

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final Duration FORCED_STOP = Duration.ofSeconds(5);

    private final ListenerContext context;
    private final Wakeup wakeup = new Wakeup();
    private final ListenerProgress progress = new ListenerProgress();
    private final Trouble trouble;
    private final BackOff backOff;
    private volatile boolean stopping;
    private volatile @Nullable Link link;
    private @Nullable Thread thread;

    private Listener(Builder builder) {
        this.context = new ListenerContext(
                builder.spec,
                builder.queues,
                builder.broker,
                builder.inbox,
                builder.codec,
                builder.settings,
                builder.metrics,
                builder.clock,
                builder.ids);
        this.trouble = new Trouble(LOG, "Listener of " + builder.spec.context(), builder.clock);
        this.backOff = new BackOff(builder.settings.initialBackOff(), builder.settings.maxBackOff());
    }

    /** A listener for a context, with defaults for everything else. */
    public static Builder builder(TopologySpec spec, Broker broker, Inbox inbox) {
        return new Builder(spec, broker, inbox);
    }

    /**
     * Starts the listener's thread and returns at once: the broker need not be there.
     *
     * @throws IllegalStateException if it runs already
     */
    public synchronized void start() {
        if (thread != null) {
            throw new IllegalStateException("The listener of " + context.spec().context() + " runs already");
        }
        stopping = false;
        Thread started =
                new Thread(this::run, "farandole-listener-" + context.spec().context());
        thread = started;
        started.start();
    }

    /**
     * Stops: no further deliveries are taken, those in hand are settled up to {@link ListenerSettings#stopTimeout}, the
     * rest goes back to the queue. Returns when the thread has ended, or after a bounded time. Does nothing if it does not
     * run.
     */
    public synchronized void stop() {
        Thread running = thread;
        if (running == null) {
            return;
        }
        stopping = true;
        wakeup.signal();
        try {
            running.join(context.settings().stopTimeout().plus(FORCED_STOP).toMillis());
            if (running.isAlive()) {
                LOG.warn(
                        "Listener of {}: does not stop in time; giving its connection up",
                        context.spec().context());
                disconnect();
                running.interrupt();
                running.join(FORCED_STOP.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running.interrupt();
        }
        thread = null;
    }

    /** How the listener is now. */
    public ListenerStatus status() {
        Link open = link;
        return progress.status(open != null && !open.isLost(), trouble);
    }

    private void run() {
        try {
            while (!stopping && !Thread.currentThread().isInterrupted()) {
                turn();
            }
        } finally {
            progress.state(ListenerStatus.State.STOPPED);
        }
    }

    private void turn() {
        try {
            progress.state(ListenerStatus.State.CONNECTING);
            Link opened = Link.open(
                    context.broker(), "farandole-listener-" + context.spec().context(), wakeup);
            link = opened;
            new ListenerSession(context, opened, wakeup, progress, trouble, backOff::reset, () -> stopping).run();
            disconnect();
            if (!stopping) {
                // Handed over: let another instance be the first to take it.
                progress.state(ListenerStatus.State.STORE_UNAVAILABLE);
                wakeup.awaitUntil(() -> stopping, backOff.next().toNanos());
            }
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            disconnect();
            progress.state(ListenerStatus.State.CONNECTING);
            context.metrics().connectionLost("listener");
            pause(context.broker().describe(e));
        } catch (RuntimeException e) {
            // A defect must not end the thread silently: the connection is given up, and it tries again.
            LOG.error("Listener of {}: unexpected failure", context.spec().context(), e);
            disconnect();
            pause("Unexpected failure: " + e);
        }
    }

    private void disconnect() {
        Link open = link;
        link = null;
        if (open != null) {
            open.abort();
        }
        progress.sessionEnded();
    }

    private void pause(String problem) {
        if (!stopping) {
            trouble.report(problem);
            wakeup.awaitUntil(() -> stopping, backOff.next().toNanos());
        }
    }

    /** Collects what a listener needs; not thread-safe. */
    public static final class Builder {

        private final TopologySpec spec;
        private final Broker broker;
        private final Inbox inbox;
        private EnvelopeCodec codec = new EnvelopeCodec();
        private ListenerSettings settings = ListenerSettings.defaults();
        private RabbitMetrics metrics = RabbitMetrics.NONE;
        private Clock clock = Clock.systemUTC();
        private Supplier<UUID> ids = UUID::randomUUID;
        private List<String> queues;

        private Builder(TopologySpec spec, Broker broker, Inbox inbox) {
            this.spec = spec;
            this.broker = broker;
            this.inbox = inbox;
            this.queues = List.of(spec.inbox());
        }

        /** Other queues than {@code <context>.inbox} alone. Their mutual order is not kept. */
        public Builder queues(List<String> queues) {
            this.queues = List.copyOf(queues);
            return this;
        }

        /** Another codec than the default one. */
        public Builder codec(EnvelopeCodec codec) {
            this.codec = codec;
            return this;
        }

        /** Other settings than {@link ListenerSettings#defaults}. */
        public Builder settings(ListenerSettings settings) {
            this.settings = settings;
            return this;
        }

        /** Is told what happens. */
        public Builder metrics(RabbitMetrics metrics) {
            this.metrics = metrics;
            return this;
        }

        /** For times in the status and in the headers of what is set aside. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** For the ids of what is set aside; random ones by default. */
        public Builder ids(Supplier<UUID> ids) {
            this.ids = ids;
            return this;
        }

        /** The listener, not yet started. */
        public Listener build() {
            return new Listener(this);
        }
    }
}
