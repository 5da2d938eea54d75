package io.farandole.boot.audit;

import io.farandole.audit.backfill.Backfill;
import io.farandole.audit.backfill.BackfillRequest;
import io.farandole.audit.backfill.Backfills;
import io.farandole.rabbitmq.BindingCheck;
import io.farandole.rabbitmq.Relay;
import io.farandole.rabbitmq.Topology;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Sends backfills with a relay of their own, which has a connection only while there is one to send. Thread-safe. */
public final class Backfilling implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Backfilling.class);
    private static final long LOOK_MILLIS = 5_000;

    private final Backfills backfills;
    private final Relay relay;
    private final Topology topology;
    private @Nullable ScheduledExecutorService looks;
    private boolean relaying;

    Backfilling(Backfills backfills, Relay relay, Topology topology) {
        this.backfills = backfills;
        this.relay = relay;
        this.topology = topology;
    }

    /** All that can be asked about them and decided. */
    public Backfills backfills() {
        return backfills;
    }

    /**
     * Has history sent, if the followers' queues are bound for live events: what is published from now on comes over those.
     *
     * @return what has begun, or what was missing for it
     * @throws io.farandole.audit.backfill.BackfillRefusedException as {@link Backfills#start} does
     */
    public Started start(BackfillRequest request) {
        Optional<BindingCheck> check = topology.bindingCheck();
        if (check.isPresent()) {
            try {
                List<String> missing =
                        check.get().missing().toCompletableFuture().join();
                if (!missing.isEmpty()) {
                    return new Started(null, missing);
                }
            } catch (CompletionException e) {
                return new Started(
                        null,
                        List.of("The followers' bindings cannot be checked now: " + e.getCause() + ". Try again."));
            }
        }
        Started started = new Started(backfills.start(request), List.of());
        look();
        return started;
    }

    /**
     * What came of the wish.
     *
     * @param backfill that has begun; null if none has
     * @param missing why not
     */
    public record Started(@Nullable Backfill backfill, List<String> missing) {

        public Started {
            missing = List.copyOf(missing);
        }
    }

    private synchronized void look() {
        if (looks == null) {
            return;
        }
        try {
            boolean waiting = backfills.isWaiting();
            if (waiting && !relaying) {
                relay.start();
                relaying = true;
            } else if (!waiting && relaying) {
                relay.stop();
                relaying = false;
            }
            if (relaying) {
                backfills.trouble(relay.status().lastError());
            }
        } catch (RuntimeException e) {
            log.warn("Backfills cannot be looked for now; the next attempt is in {} ms", LOOK_MILLIS, e);
        }
    }

    @Override
    public synchronized void start() {
        if (looks == null) {
            ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(work -> {
                Thread thread = new Thread(work, "farandole-backfills");
                thread.setDaemon(true);
                return thread;
            });
            looks = started;
            // Failures are logged by the look itself; a stop ends it with its executor.
            var unused = started.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public synchronized void stop() {
        ScheduledExecutorService running = looks;
        looks = null;
        if (running != null) {
            running.shutdownNow();
        }
        if (relaying) {
            relay.stop();
            relaying = false;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return looks != null;
    }
}
