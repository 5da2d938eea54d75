package io.farandole.rabbitmq;

import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * One thread that keeps a session with the broker: connects, runs it, and begins again with back-off when it ends. Thread-safe.
 */
final class BrokerLoop {

    private static final Duration STOP = Duration.ofSeconds(10);
    private static final Duration FORCED_STOP = Duration.ofSeconds(5);
    private static final Duration INITIAL_BACK_OFF = Duration.ofMillis(200);
    private static final Duration MAX_BACK_OFF = Duration.ofSeconds(10);

    /** What is done over one connection; returns when the loop stops or another turn is wanted. */
    @FunctionalInterface
    interface Session {
        void run(Link link) throws IOException;
    }

    private final Logger log;
    private final String name;
    private final Broker broker;
    private final Session session;
    private final Wakeup wakeup = new Wakeup();
    private final Trouble trouble;
    private final BackOff backOff = new BackOff(INITIAL_BACK_OFF, MAX_BACK_OFF);
    private volatile boolean stopping;
    private volatile @Nullable Link link;
    private @Nullable Thread thread;

    BrokerLoop(Logger log, String name, Broker broker, Clock clock, Session session) {
        this.log = log;
        this.name = name;
        this.broker = broker;
        this.session = session;
        this.trouble = new Trouble(log, name, clock);
    }

    synchronized void start() {
        if (thread != null) {
            throw new IllegalStateException(name + " runs already");
        }
        stopping = false;
        Thread started = new Thread(this::run, name);
        thread = started;
        started.start();
    }

    synchronized void stop() {
        Thread running = thread;
        if (running == null) {
            return;
        }
        stopping = true;
        wakeup.signal();
        try {
            running.join(STOP.toMillis());
            if (running.isAlive()) {
                log.warn("{}: does not stop in time; giving its connection up", name);
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

    Wakeup wakeup() {
        return wakeup;
    }

    boolean isStopping() {
        return stopping;
    }

    boolean isConnected() {
        Link open = link;
        return open != null && !open.isLost();
    }

    /** What is wrong now; empty while it works. */
    Optional<String> problem() {
        return Optional.ofNullable(trouble.text());
    }

    /** It works, again or still. */
    void works() {
        trouble.over();
        backOff.reset();
    }

    /** Tells of a problem, and waits; false if it is to stop, or the connection is lost meanwhile. */
    boolean pause(String problem, Duration wait) {
        trouble.report(problem);
        wakeup.awaitUntil(() -> stopping || !isConnected(), wait.toNanos());
        return !stopping && isConnected();
    }

    private void run() {
        while (!stopping && !Thread.currentThread().isInterrupted()) {
            try {
                Link opened = Link.open(broker, name, wakeup);
                link = opened;
                session.run(opened);
                disconnect();
            } catch (IOException | TimeoutException | ShutdownSignalException e) {
                disconnect();
                again(broker.describe(e));
            } catch (RuntimeException e) {
                // A defect must not end the thread silently: the connection is given up, and it tries again.
                log.error("{}: unexpected failure", name, e);
                disconnect();
                again("Unexpected failure: " + e);
            }
        }
    }

    private void again(String problem) {
        if (!stopping) {
            trouble.report(problem);
            wakeup.awaitUntil(() -> stopping, backOff.next().toNanos());
        }
    }

    private void disconnect() {
        Link open = link;
        link = null;
        if (open != null) {
            open.abort();
        }
    }
}
