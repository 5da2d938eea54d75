package io.farandole.boot;

import io.farandole.saga.KeyedSagaStore;
import io.farandole.saga.barrier.Barrier;
import io.farandole.saga.deadline.JournalDeadlines;
import io.farandole.saga.outside.OutsideCalls;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Starts and stops deadlines and outside calls with the service, and forgets what is past its retention. */
class SagaWork implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(SagaWork.class);
    private static final int ROWS = 1_000;

    /**
     * After Axon (its configuration starts 3,072 below the default), which handles the commands that record results and pass deadlines:
     * earlier, they would find no handler, and a result would count as refused. Before {@link TakingPart} and the web server.
     */
    static final int PHASE = DEFAULT_PHASE - 2816;

    private final JournalDeadlines deadlines;
    private final OutsideCalls outsideCalls;
    private final KeyedSagaStore sagas;
    private final Barrier barrier;
    private final SagaProperties properties;
    private @Nullable ScheduledExecutorService purge;

    SagaWork(
            JournalDeadlines deadlines,
            OutsideCalls outsideCalls,
            KeyedSagaStore sagas,
            Barrier barrier,
            SagaProperties properties) {
        this.deadlines = deadlines;
        this.outsideCalls = outsideCalls;
        this.sagas = sagas;
        this.barrier = barrier;
        this.properties = properties;
    }

    @Override
    public synchronized void start() {
        deadlines.start();
        outsideCalls.start();
        ScheduledExecutorService executor =
                Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "farandole-purge"));
        long millis = properties.purgeInterval().toMillis();
        ScheduledFuture<?> unused = executor.scheduleWithFixedDelay(this::purge, millis, millis, TimeUnit.MILLISECONDS);
        purge = executor;
    }

    private void purge() {
        forget("sagas", sagas::purge);
        forget("barrier entries", limit -> barrier.purge(properties.barrierRetention(), limit));
        forget("deadlines", deadlines::purge);
        forget("outside calls", outsideCalls::purge);
    }

    private void forget(String what, IntUnaryOperator rows) {
        try {
            int total = 0;
            int deleted;
            do {
                deleted = rows.applyAsInt(ROWS);
                total += deleted;
            } while (deleted == ROWS && !Thread.currentThread().isInterrupted());
            if (total > 0) {
                LOG.info("Forgot {} {} that were past their retention", total, what);
            }
        } catch (RuntimeException e) {
            LOG.warn("Could not forget {} that are past their retention; trying again later", what, e);
        }
    }

    @Override
    public synchronized void stop() {
        if (purge != null) {
            purge.shutdownNow();
            purge = null;
        }
        outsideCalls.close();
        deadlines.shutdown();
    }

    @Override
    public synchronized boolean isRunning() {
        return purge != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
