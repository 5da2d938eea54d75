package io.farandole.boot.command;

import io.farandole.axon.CommandWorker;
import io.farandole.axon.StoredCommands;
import io.farandole.axon.StoredCommands.Backlog;
import io.farandole.boot.FarandoleConfigurationException;
import io.farandole.rabbitmq.BrokerUnavailableException;
import io.farandole.rabbitmq.CommandListener;
import io.farandole.rabbitmq.CommandTopology;
import io.farandole.rabbitmq.ReplyPublisher;
import io.farandole.rabbitmq.TopologyException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the worker at once, for commands that are stored already, and listener and publisher when the topology is there; stops them in
 * the opposite order. Forgets old answers meanwhile. May be stopped and started by itself: meanwhile commands wait in the queue.
 */
public final class CommandsOverAmqp implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(CommandsOverAmqp.class);
    private static final long LOOK_AGAIN_MILLIS = 2_000;
    private static final int ROWS = 1_000;

    /** After relay and listener (2,560 below the default), so that their complaint about the broker comes first; before the web server. */
    static final int PHASE = DEFAULT_PHASE - 2304;

    private final StoredCommands stored;
    private final CommandWorker worker;
    private final CommandListener listener;
    private final ReplyPublisher publisher;
    private final CommandTopology topology;
    private final boolean declare;
    private final CommandProperties properties;
    // Volatile for health, which does not wait for a start or stop under way.
    private volatile @Nullable ScheduledExecutorService timer;
    private volatile boolean established;

    CommandsOverAmqp(
            StoredCommands stored,
            CommandWorker worker,
            CommandListener listener,
            ReplyPublisher publisher,
            CommandTopology topology,
            boolean declare,
            CommandProperties properties) {
        this.stored = stored;
        this.worker = worker;
        this.listener = listener;
        this.publisher = publisher;
        this.topology = topology;
        this.declare = declare;
        this.properties = properties;
    }

    @Override
    public synchronized void start() {
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "farandole-commands-timer"));
        timer = started;
        establish();
        worker.start();
        // Both log what fails; a stop cancels them with their executor.
        var look = started.scheduleWithFixedDelay(
                this::lookAgain, LOOK_AGAIN_MILLIS, LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        var purge = started.scheduleWithFixedDelay(this::purge, 0, 10, TimeUnit.MINUTES);
        LOG.debug("Scheduled {} and {}", look, purge);
    }

    /** What is wrong stops the start; a broker that is away does not. */
    private void establish() {
        try {
            if (declare) {
                topology.declare();
            }
            topology.verify();
        } catch (BrokerUnavailableException e) {
            LOG.warn("RabbitMQ cannot be reached: no commands are taken until it can. {}", e.getMessage());
            return;
        } catch (TopologyException e) {
            throw new FarandoleConfigurationException(
                    "What is on RabbitMQ is not what taking commands needs. " + e.getMessage(),
                    "Repair it as said, or set farandole.rabbitmq.topology=declare to let the service declare its own"
                            + " exchanges, queues and bindings.");
        }
        established = true;
        listener.start();
        publisher.start();
    }

    private synchronized void lookAgain() {
        try {
            if (!established && timer != null) {
                establish();
            }
        } catch (RuntimeException e) {
            LOG.error("Commands cannot be taken; looking again. {}", e.getMessage(), e);
        }
    }

    private void purge() {
        try {
            int forgotten = ROWS;
            while (forgotten == ROWS && !Thread.currentThread().isInterrupted()) {
                forgotten = stored.purge(properties.remember(), ROWS);
            }
        } catch (RuntimeException e) {
            LOG.warn("Old answers to commands could not be forgotten now; the next attempt is in ten minutes", e);
        }
    }

    /** What is wrong now, by part; empty while commands are received, carried out and answered. */
    Map<String, String> troubles() {
        Map<String, String> troubles = new LinkedHashMap<>();
        if (!established || !listener.isConnected()) {
            troubles.put("receiving", "No connection to RabbitMQ");
        }
        listener.problem().ifPresent(problem -> troubles.put("receiving", problem));
        worker.trouble().ifPresent(trouble -> troubles.put("carryingOut", trouble));
        publisher.problem().ifPresent(problem -> troubles.put("answering", problem));
        return troubles;
    }

    /** What waits in the database. */
    Backlog backlog() {
        return stored.backlog();
    }

    @Override
    public synchronized void stop() {
        ScheduledExecutorService running = timer;
        if (running != null) {
            running.shutdownNow();
            timer = null;
        }
        if (established) {
            listener.stop();
        }
        worker.stop();
        if (established) {
            publisher.stop();
        }
        established = false;
    }

    @Override
    public boolean isRunning() {
        return timer != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
