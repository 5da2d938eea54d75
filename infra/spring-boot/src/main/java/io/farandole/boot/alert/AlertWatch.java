package io.farandole.boot.alert;

import io.farandole.saga.alert.Alerts;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Looks for what is to be told, every few seconds; asks one question while there is nothing. */
class AlertWatch implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(AlertWatch.class);
    private static final int ROWS = 1_000;

    private final Alerts alerts;
    private final AlertProperties properties;
    private volatile Alerts.Counts counts = new Alerts.Counts(0, 0);
    private long purgedAt = System.nanoTime();
    private @Nullable ScheduledExecutorService executor;

    AlertWatch(Alerts alerts, AlertProperties properties) {
        this.alerts = alerts;
        this.properties = properties;
    }

    /** Gauges of what there is now, as last seen by this instance. */
    void register(MeterRegistry meters) {
        Gauge.builder("farandole.processes.parked", this, watch -> watch.counts.parked())
                .description("processes that wait for a person")
                .register(meters);
        Gauge.builder("farandole.steps.overdue", this, watch -> watch.counts.overdue())
                .description("sagas with an open step whose time limit has passed")
                .register(meters);
    }

    @Override
    public synchronized void start() {
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "farandole-alerts"));
        long millis = properties.interval().toMillis();
        ScheduledFuture<?> unused = started.scheduleWithFixedDelay(this::look, millis, millis, TimeUnit.MILLISECONDS);
        executor = started;
    }

    private void look() {
        try {
            Alerts.Counts now = alerts.count();
            counts = now;
            if (now.parked() + now.overdue() > 0) {
                while (alerts.raise() >= Alerts.BATCH && !Thread.currentThread().isInterrupted()) {
                    LOG.info("More alerts are raised");
                }
            }
            if (System.nanoTime() - purgedAt > TimeUnit.HOURS.toNanos(1)) {
                alerts.purge(properties.retention(), ROWS);
                purgedAt = System.nanoTime();
            }
        } catch (RuntimeException e) {
            LOG.warn(
                    "Cannot look for parked processes and overdue steps; trying again in {}", properties.interval(), e);
        }
    }

    @Override
    public synchronized void stop() {
        ScheduledExecutorService running = executor;
        if (running != null) {
            running.shutdownNow();
            executor = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return executor != null;
    }
}
