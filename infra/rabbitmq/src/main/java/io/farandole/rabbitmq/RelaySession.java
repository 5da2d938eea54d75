package io.farandole.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmListener;
import com.rabbitmq.client.ShutdownSignalException;
import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;
import io.farandole.messaging.Outbox;
import io.farandole.messaging.failpoint.Failpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Relaying over one channel, from taking the lease until the broker, the outbox or a person ends it. Everything that the
 * broker says is put into a mailbox by the client's thread and worked off by the relay's thread, so all state belongs to
 * one thread, and what an old channel still says reaches nobody.
 */
final class RelaySession {

    private static final Logger LOG = LoggerFactory.getLogger(RelaySession.class);
    private static final Duration NACK_FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration NACK_LONGEST_PAUSE = Duration.ofSeconds(2);

    private final RelayContext context;
    private final RelaySettings settings;
    private final Link link;
    private final Outbox.Lease lease;
    private final Wakeup wakeup;
    private final RelayProgress progress;
    private final Runnable worksAgain;
    private final PublishWindow window;
    private final BindingWatch bindings;
    private final Channel channel;
    private final @Nullable String follower;
    private final Queue<Signal> mailbox = new ConcurrentLinkedQueue<>();
    private final BackOff nackBackOff = new BackOff(NACK_FIRST_PAUSE, NACK_LONGEST_PAUSE);
    private final BackOff pollBackOff;
    private long nextPollNanos = System.nanoTime();
    private long pausedUntilNanos = System.nanoTime();
    private long lastSaveNanos = System.nanoTime();
    private long savedPosition;
    private int confirmedSinceSave;
    private boolean moreToRead = true;
    private boolean proven;
    private boolean timedOut;
    private boolean refusing;
    private @Nullable ShutdownSignalException channelLost;

    RelaySession(
            RelayContext context,
            Link link,
            Outbox.Lease lease,
            Wakeup wakeup,
            RelayProgress progress,
            Runnable worksAgain)
            throws IOException, StoreException {
        this.context = context;
        this.settings = context.settings();
        this.link = link;
        this.lease = lease;
        this.wakeup = wakeup;
        this.progress = progress;
        this.worksAgain = worksAgain;
        this.pollBackOff = new BackOff(settings.minPoll(), settings.maxPoll());
        this.savedPosition = StoreException.guard(lease::position);
        this.window = new PublishWindow(savedPosition);
        this.bindings = new BindingWatch(
                context.bindingCheck(), settings.bindingCheckInterval(), progress, wakeup, savedPosition);
        progress.saved(savedPosition);
        Supplier<String> follower = context.follower();
        this.follower = follower == null ? null : follower.get();
        this.channel = open();
    }

    private Channel open() throws IOException {
        Channel opened = link.openChannel();
        opened.addConfirmListener(new ConfirmListener() {
            @Override
            public void handleAck(long number, boolean multiple) {
                tell(new Signal.Confirmed(number, multiple));
            }

            @Override
            public void handleNack(long number, boolean multiple) {
                tell(new Signal.Nacked(number, multiple));
            }
        });
        opened.addReturnListener(returned ->
                tell(new Signal.Returned(returned.getProperties().getMessageId(), returned.getReplyText())));
        opened.addShutdownListener(cause -> tell(new Signal.Lost(cause)));
        opened.confirmSelect();
        return opened;
    }

    private void tell(Signal signal) {
        mailbox.add(signal);
        wakeup.signal();
    }

    /** Relays until it is to stop, until all is done, or until the broker has blocked publishing: then it returns normally. */
    void run(BooleanSupplier stopping) throws IOException, TimeoutException, RelayHaltedException, StoreException {
        bindings.lookNow(savedPosition);
        while (true) {
            workOffMailbox();
            if (stopping.getAsBoolean()) {
                awaitConfirms(settings.stopTimeout());
                return;
            }
            if (link.blocked() != null) {
                // Those that the broker had read before it blocked are still confirmed; the rest is published again.
                awaitConfirms(settings.confirmTimeout());
                return;
            }
            boolean read = read();
            boolean worked = publish() || read;
            failOnConfirmTimeout();
            boolean idle = !worked && !moreToRead && window.unconfirmed() == 0;
            bindings.turn(
                    window.confirmedUpTo(),
                    (idle ? settings.saveInterval() : settings.bindingCheckInterval()).toNanos());
            saveIfDue();
            progress.update(window, idle);
            if (idle) {
                prove();
                if (lease.isDone()) {
                    return;
                }
            }
            if (!worked) {
                wakeup.await(nextWaitNanos());
            }
        }
    }

    private void workOffMailbox() throws IOException, RelayHaltedException {
        Signal signal = mailbox.poll();
        while (signal != null) {
            handle(signal);
            signal = mailbox.poll();
        }
        ShutdownSignalException lost = channelLost;
        if (lost != null) {
            throw new IOException("The channel is lost", lost);
        }
        link.failIfLost();
    }

    private void handle(Signal signal) throws RelayHaltedException {
        if (signal instanceof Signal.Confirmed confirmed) {
            confirmed(confirmed);
        } else if (signal instanceof Signal.Nacked nacked) {
            nacked(nacked);
        } else if (signal instanceof Signal.Returned returned) {
            returned(returned);
        } else if (signal instanceof Signal.Lost lost) {
            channelLost = lost.cause();
        }
    }

    private void confirmed(Signal.Confirmed signal) {
        long now = System.nanoTime();
        for (PublishWindow.Confirmed confirmed : window.confirm(signal.number(), signal.multiple())) {
            Failpoint.RELAY_CONFIRMED.reached();
            confirmedSinceSave++;
            bindings.confirmed();
            nackBackOff.reset();
            refusing = false;
            context.metrics().confirmed(confirmed.event().type(), Duration.ofNanos(now - confirmed.publishedNanos()));
            prove();
        }
    }

    /** Connection, lease and broker work: earlier failures are over, unless what halted the relay is still to come. */
    private void prove() {
        if (progress.worked(window.confirmedUpTo()) && !proven) {
            proven = true;
            worksAgain.run();
        }
    }

    private void nacked(Signal.Nacked signal) {
        List<Envelope> refused = window.nack(signal.number(), signal.multiple());
        refused.forEach(event -> context.metrics().nacked(event.type()));
        if (!refused.isEmpty() && System.nanoTime() - pausedUntilNanos >= 0) {
            refusing = true;
            pausedUntilNanos = System.nanoTime() + nackBackOff.next().toNanos();
        }
    }

    private void returned(Signal.Returned signal) throws RelayHaltedException {
        Envelope event = window.returned(signal.eventId());
        if (event == null) {
            return;
        }
        EventType type = event.type();
        context.metrics().returned(type);
        if (follower != null) {
            throw new RelayHaltedException(
                    "No queue is bound to exchange " + context.spec().backfill() + " with routing key " + follower
                            + ". Load the definitions that have " + TopologySpec.backfillOf(follower)
                            + " and its bindings (infra/services start does). Nothing is lost: it goes on with event "
                            + event.id() + " as soon as the binding is there.",
                    event.sequence());
        }
        Set<String> followers = context.spec().followersOf(type);
        StringBuilder text = new StringBuilder("No queue is bound to exchange ")
                .append(context.spec().exchange())
                .append(" with routing key ")
                .append(type.wireType())
                .append(" (")
                .append(signal.replyText())
                .append("), though it is followed by ")
                .append(String.join(", ", followers))
                .append(". Bind ");
        text.append(String.join(
                        ", ", followers.stream().map(TopologySpec::inboxOf).toList()))
                .append(": start these contexts with declaring switched on, or load the definitions"
                        + " (infra/services start does). Nothing is lost: the relay goes on with event ")
                .append(event.id())
                .append(" as soon as the binding is there.");
        throw new RelayHaltedException(text.toString(), event.sequence());
    }

    private boolean read() throws StoreException {
        boolean due = moreToRead || System.nanoTime() - nextPollNanos >= 0;
        int room = settings.readAhead() - window.held();
        if (room <= 0) {
            return false;
        }
        // Taken before reading: what is appended after that reads once more.
        if (!progress.takeAppended() && !due) {
            return false;
        }
        long after = window.readUpTo();
        Outbox.Batch batch = StoreException.guard(() -> lease.read(after, room));
        if (!batch.events().isEmpty()) {
            Failpoint.RELAY_READ.reached();
        }
        window.add(batch.events(), batch.upTo());
        moreToRead = window.readUpTo() > after;
        if (moreToRead) {
            pollBackOff.reset();
        }
        nextPollNanos = System.nanoTime() + pollBackOff.next().toNanos();
        return moreToRead;
    }

    private boolean publish() throws IOException, RelayHaltedException {
        if (System.nanoTime() - pausedUntilNanos < 0) {
            return false;
        }
        // After a halt or a nack one by one, so that what may well fail again is not published in masses.
        int limit = progress.isHalted() || refusing ? 1 : settings.window();
        boolean published = false;
        Envelope event = window.peekReady();
        if (event != null) {
            bindings.publishing(window.confirmedUpTo());
        }
        while (event != null && window.inFlight() < limit) {
            publish(event);
            published = true;
            event = window.peekReady();
        }
        return published;
    }

    private void publish(Envelope event) throws IOException, RelayHaltedException {
        EnvelopeCodec.Message message;
        try {
            message = context.codec().encode(event);
        } catch (RejectedMessageException e) {
            throw new RelayHaltedException(
                    "Event " + event.id() + " (" + event.type() + ", position " + event.sequence()
                            + ") cannot be a message: " + e.getMessage()
                            + ". It was committed by a defect; it has to be corrected in the journal by a migration",
                    event.sequence());
        }
        boolean followed =
                follower != null || !context.spec().followersOf(event.type()).isEmpty();
        window.publishing(channel.getNextPublishSeqNo(), System.nanoTime());
        channel.basicPublish(
                follower == null ? context.spec().exchange() : context.spec().backfill(),
                follower == null ? message.routingKey() : follower,
                followed,
                message.properties(),
                message.body());
        Failpoint.RELAY_PUBLISHED.reached();
        context.metrics().published(event.type(), followed);
    }

    private void failOnConfirmTimeout() throws TimeoutException {
        if (window.oldestInFlightNanos(System.nanoTime())
                > settings.confirmTimeout().toNanos()) {
            timedOut = true;
            context.metrics().confirmTimedOut(window.inFlight());
            throw new TimeoutException("no confirm within " + settings.confirmTimeout() + " for " + window.inFlight()
                    + " events; connecting again, and publishing them again");
        }
    }

    private void awaitConfirms(Duration timeout) throws IOException, RelayHaltedException {
        long end = System.nanoTime() + timeout.toNanos();
        long left = timeout.toNanos();
        while (window.inFlight() > 0 && left > 0 && !Thread.currentThread().isInterrupted()) {
            wakeup.await(left);
            workOffMailbox();
            left = end - System.nanoTime();
        }
    }

    private void saveIfDue() throws StoreException {
        boolean due = confirmedSinceSave >= settings.saveEvery()
                || System.nanoTime() - lastSaveNanos >= settings.saveInterval().toNanos();
        if (due && bindings.verifiedUpTo() > savedPosition) {
            save();
        }
    }

    private void save() throws StoreException {
        long position = bindings.verifiedUpTo();
        StoreException.guard(() -> {
            lease.save(position);
            return position;
        });
        Failpoint.RELAY_SAVED.reached();
        savedPosition = position;
        confirmedSinceSave = 0;
        lastSaveNanos = System.nanoTime();
        progress.saved(position);
    }

    private long nextWaitNanos() {
        long now = System.nanoTime();
        long wait = settings.maxPoll().toNanos();
        if (settings.readAhead() > window.held()) {
            wait = Math.min(wait, nextPollNanos - now);
        }
        if (window.inFlight() > 0) {
            wait = Math.min(wait, settings.confirmTimeout().toNanos() - window.oldestInFlightNanos(now));
        }
        if (pausedUntilNanos - now > 0) {
            wait = Math.min(wait, pausedUntilNanos - now);
        }
        return Math.max(wait, 1);
    }

    /**
     * Saves what is confirmed by now and closes the channel. Failures here change nothing: what is not saved is published
     * again.
     */
    void close(boolean last) {
        try {
            drainConfirms();
            if (last) {
                bindings.lookNow(window.confirmedUpTo());
            } else {
                bindings.turn(window.confirmedUpTo(), Long.MAX_VALUE);
            }
            if (bindings.verifiedUpTo() > savedPosition) {
                save();
            }
        } catch (StoreException | RelayHaltedException | TimeoutException e) {
            LOG.debug("The position is not saved at the end of a session", e);
        }
        progress.sessionEnded();
        if (link.blocked() != null || (window.inFlight() > 0 && !timedOut)) {
            // The broker does not read, or has not answered: closing would wait in vain.
            link.abandon(channel);
        } else if (!timedOut && !link.isLost()) {
            abortChannel();
        }
    }

    private void drainConfirms() {
        for (Signal signal = mailbox.poll(); signal != null; signal = mailbox.poll()) {
            if (signal instanceof Signal.Confirmed confirmed) {
                confirmed(confirmed);
            } else if (signal instanceof Signal.Returned returned) {
                window.returned(returned.eventId());
            }
        }
    }

    private void abortChannel() {
        try {
            channel.abort();
        } catch (IOException e) {
            LOG.debug("The channel cannot be closed", e);
        }
    }

    /** What the broker says. */
    private interface Signal {

        record Confirmed(long number, boolean multiple) implements Signal {}

        record Nacked(long number, boolean multiple) implements Signal {}

        record Returned(@Nullable String eventId, String replyText) implements Signal {}

        record Lost(ShutdownSignalException cause) implements Signal {}
    }
}
