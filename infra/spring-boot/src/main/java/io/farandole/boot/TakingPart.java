package io.farandole.boot;

import io.farandole.rabbitmq.Listener;
import io.farandole.rabbitmq.Relay;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts relay and listener once processors run, and stops them first. If the broker is away at the start, the topology is
 * established when it is back, and then they start.
 */
class TakingPart implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(TakingPart.class);
    private static final long LOOK_AGAIN_MILLIS = 2_000;

    /** After Axon's processors and {@link SagaWork}, before the web server (2,048 below the default) accepts requests. */
    static final int PHASE = DEFAULT_PHASE - 2560;

    private final @Nullable Relay relay;
    private final @Nullable Listener listener;
    private final TopologyAtStart topology;
    private @Nullable ScheduledExecutorService later;
    private boolean running;

    TakingPart(@Nullable Relay relay, @Nullable Listener listener, TopologyAtStart topology) {
        this.relay = relay;
        this.listener = listener;
        this.topology = topology;
    }

    @Override
    public synchronized void start() {
        running = true;
        if (topology.establish()) {
            takePart();
        } else {
            later = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "farandole-topology"));
            // Failures are logged by the task itself; a stop cancels it with its executor.
            ScheduledFuture<?> unused = later.scheduleWithFixedDelay(
                    this::lookAgain, LOOK_AGAIN_MILLIS, LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void lookAgain() {
        try {
            if (topology.establish()) {
                synchronized (this) {
                    if (running && later != null) {
                        takePart();
                        later.shutdown();
                    }
                }
            }
        } catch (RuntimeException e) {
            LOG.error("The topology on RabbitMQ is not what this context needs; looking again. {}", e.getMessage(), e);
        }
    }

    private void takePart() {
        if (listener != null) {
            listener.start();
        }
        if (relay != null) {
            relay.start();
        }
    }

    @Override
    public synchronized void stop() {
        running = false;
        if (later != null) {
            later.shutdownNow();
        }
        if (listener != null) {
            listener.stop();
        }
        if (relay != null) {
            relay.stop();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
