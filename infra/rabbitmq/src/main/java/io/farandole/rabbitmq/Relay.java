package io.farandole.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import io.farandole.messaging.Outbox;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what a context has committed for others: reads the {@link Outbox} in order, publishes to
 * {@code <context>.events} with confirms, and saves the position only past what was confirmed.
 *
 * <p>Guarantee: every published event reaches every bound queue at least once, and per process key the first copies stand
 * in the order of the outbox, whatever fails in between; see {@link PublishWindow} for why. What is confirmed and not yet
 * saved is published again after a crash, under the same id.
 *
 * <p>Types that others follow are published with {@code mandatory}. If one finds no queue, or the {@link BindingCheck}
 * misses a binding, the relay halts with an error that names exchange, routing key and followers, tries again with
 * back-off, and goes on by itself where it stopped once the binding is there. With a binding check the position is saved
 * only after a check that began later than the confirms and found every binding, so a follower whose binding was missing
 * in between is sent what it missed. Types that nobody follows are published all the same, and counted.
 *
 * <p>One relay per context is active, by the outbox's lease; others stand by. The lease is held only while the broker is
 * connected and takes messages: without a broker, or while it has blocked publishing, no database connection is held, and
 * an instance that can reach the broker takes over.
 *
 * <p>One thread of its own; {@link #start}, {@link #stop} and {@link #status} may be called from any thread.
 */
public final class Relay {

    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
    private static final Duration BLOCKED_LOOK = Duration.ofMinutes(10);
    private static final Duration FORCED_STOP = Duration.ofSeconds(5);

    private final RelayContext context;
    private final Wakeup wakeup = new Wakeup();
    private final RelayProgress progress;
    private final Trouble trouble;
    private final BackOff backOff;
    private volatile boolean stopping;
    private volatile @Nullable Link link;
    private @Nullable Thread thread;
    private @Nullable String follower;

    private Relay(Builder builder) {
        this.context = new RelayContext(
                builder.spec,
                builder.broker,
                builder.outbox,
                builder.codec,
                builder.settings,
                builder.metrics,
                Optional.ofNullable(builder.bindingCheck),
                builder.follower);
        this.progress = new RelayProgress(builder.clock);
        this.trouble = new Trouble(LOG, "Relay of " + builder.spec.context(), builder.clock);
        this.backOff = new BackOff(builder.settings.initialBackOff(), builder.settings.maxBackOff());
    }

    /** A relay for a context, with defaults for everything else. */
    public static Builder builder(TopologySpec spec, Broker broker, Outbox outbox) {
        return new Builder(spec, broker, outbox);
    }

    /**
     * Starts the relay's thread and returns at once: the broker need not be there.
     *
     * @throws IllegalStateException if it runs already
     */
    public synchronized void start() {
        if (thread != null) {
            throw new IllegalStateException("The relay of " + context.spec().context() + " runs already");
        }
        stopping = false;
        forgetTrouble();
        // Before the thread runs: what is appended from now on is known to wait, also while the broker is away.
        AutoCloseable registration = context.outbox().onAppend(() -> {
            progress.appended();
            wakeup.signal();
        });
        Thread started = new Thread(
                () -> run(registration), "farandole-relay-" + context.spec().context());
        thread = started;
        started.start();
    }

    /**
     * Stops: nothing further is published, outstanding confirms are waited for up to {@link RelaySettings#stopTimeout},
     * the position is saved, lease and connection are given back. Returns when the thread has ended, or after a bounded
     * time. Does nothing if it does not run.
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
                        "Relay of {}: does not stop in time; giving its connection up",
                        context.spec().context());
                Link open = link;
                if (open != null) {
                    open.abort();
                }
                running.interrupt();
                running.join(FORCED_STOP.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running.interrupt();
        }
        thread = null;
    }

    /** How the relay is now. */
    public RelayStatus status() {
        Link open = link;
        boolean connected = open != null && !open.isLost();
        String blocked = open == null ? null : open.blocked();
        return progress.status(connected, blocked, trouble);
    }

    private void run(AutoCloseable registration) {
        try {
            while (!stopping && !Thread.currentThread().isInterrupted()) {
                turn();
            }
        } finally {
            disconnect();
            progress.state(RelayStatus.State.STOPPED);
            close(registration);
        }
    }

    private void turn() {
        try {
            Link open = connected();
            String blocked = open.blocked();
            if (blocked != null) {
                progress.state(RelayStatus.State.BLOCKED);
                LOG.warn(
                        "Relay of {}: the broker has blocked publishing: {}",
                        context.spec().context(),
                        blocked);
                wakeup.awaitUntil(() -> stopping || open.isLost() || open.blocked() == null, BLOCKED_LOOK.toNanos());
                return;
            }
            Optional<Outbox.Lease> lease = StoreException.guard(context.outbox()::acquire);
            if (lease.isEmpty()) {
                progress.state(RelayStatus.State.STANDBY);
                worksAgain();
                wakeup.awaitUntil(
                        () -> stopping || open.isLost(),
                        context.settings().leaseRetry().toNanos());
                return;
            }
            try (Outbox.Lease held = lease.get()) {
                followerMayHaveChanged();
                relay(open, held);
            }
        } catch (RelayHaltedException e) {
            progress.halted(e.position());
            pause(e.text());
        } catch (StoreException e) {
            progress.state(RelayStatus.State.STORE_UNAVAILABLE);
            pause("The outbox fails: " + e.text());
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            disconnect();
            context.metrics().connectionLost("relay");
            progress.state(RelayStatus.State.CONNECTING);
            pause(context.broker().describe(e));
        } catch (RuntimeException e) {
            // A defect must not end the thread silently: connection and lease are given up, and it tries again.
            LOG.error("Relay of {}: unexpected failure", context.spec().context(), e);
            disconnect();
            pause("Unexpected failure: " + e);
        }
    }

    /** What is wrong with one follower's queue says nothing of another's. */
    private void followerMayHaveChanged() {
        Supplier<String> asked = context.follower();
        if (asked != null) {
            String now = asked.get();
            if (!now.equals(follower)) {
                follower = now;
                forgetTrouble();
            }
        }
    }

    private void forgetTrouble() {
        progress.forgetHalt();
        trouble.over();
    }

    private void relay(Link open, Outbox.Lease lease)
            throws IOException, TimeoutException, RelayHaltedException, StoreException {
        RelaySession session = new RelaySession(context, open, lease, wakeup, progress, this::worksAgain);
        try {
            session.run(() -> stopping);
        } catch (IOException | ShutdownSignalException e) {
            String refusal = refusal(e);
            if (refusal != null) {
                throw new RelayHaltedException(refusal, 0);
            }
            throw e;
        } finally {
            session.close(stopping);
        }
    }

    /** What the broker refuses for good, such as a missing exchange, as opposed to an outage. */
    private @Nullable String refusal(Exception failure) {
        Throwable cause = failure instanceof ShutdownSignalException ? failure : failure.getCause();
        if (cause instanceof ShutdownSignalException shutdown
                && shutdown.getReason() instanceof AMQP.Channel.Close close) {
            return context.broker() + ": refuses what is published to "
                    + context.spec().exchange() + ": "
                    + close.getReplyText() + ". Repair the exchange or the permissions of user "
                    + context.broker().user() + " (infra/services start loads the definitions)";
        }
        return null;
    }

    private Link connected() throws IOException, TimeoutException {
        Link open = link;
        if (open != null && !open.isLost()) {
            return open;
        }
        disconnect();
        progress.state(RelayStatus.State.CONNECTING);
        Link opened =
                Link.open(context.broker(), "farandole-relay-" + context.spec().context(), wakeup);
        link = opened;
        return opened;
    }

    private void disconnect() {
        Link open = link;
        link = null;
        if (open != null) {
            open.abort();
        }
    }

    private void worksAgain() {
        trouble.over();
        backOff.reset();
    }

    private void pause(String problem) {
        trouble.report(problem);
        wakeup.awaitUntil(() -> stopping, backOff.next().toNanos());
    }

    private static void close(AutoCloseable registration) {
        try {
            registration.close();
        } catch (Exception e) {
            LOG.warn("The outbox's registration cannot be closed", e);
        }
    }

    /** Collects what a relay needs; not thread-safe. */
    public static final class Builder {

        private final TopologySpec spec;
        private final Broker broker;
        private final Outbox outbox;
        private EnvelopeCodec codec = new EnvelopeCodec();
        private RelaySettings settings = RelaySettings.defaults();
        private RabbitMetrics metrics = RabbitMetrics.NONE;
        private Clock clock = Clock.systemUTC();
        private @Nullable BindingCheck bindingCheck;
        private @Nullable Supplier<String> follower;

        private Builder(TopologySpec spec, Broker broker, Outbox outbox) {
            this.spec = spec;
            this.broker = broker;
            this.outbox = outbox;
        }

        /** Another codec than the default one. */
        public Builder codec(EnvelopeCodec codec) {
            this.codec = codec;
            return this;
        }

        /** Other settings than {@link RelaySettings#defaults}. */
        public Builder settings(RelaySettings settings) {
            this.settings = settings;
            return this;
        }

        /** Is told what happens. */
        public Builder metrics(RabbitMetrics metrics) {
            this.metrics = metrics;
            return this;
        }

        /** For times in the status. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** Watches the followers' bindings, see {@link Topology#bindingCheck}; none by default. */
        public Builder bindingCheck(BindingCheck bindingCheck) {
            this.bindingCheck = bindingCheck;
            return this;
        }

        /**
         * Publishes to one follower alone, through {@code <context>.backfill}. Every event is for it, so one that finds no queue halts
         * the relay.
         *
         * @param follower asked once a lease is held, for the context that this lease's events are for
         */
        public Builder follower(Supplier<String> follower) {
            this.follower = follower;
            return this;
        }

        /** The relay, not yet started. */
        public Relay build() {
            return new Relay(this);
        }
    }
}
