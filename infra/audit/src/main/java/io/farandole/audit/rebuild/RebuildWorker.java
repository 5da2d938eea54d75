package io.farandole.audit.rebuild;

import io.farandole.audit.rebuild.Rebuild.State;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for rebuilds that nobody works at, and carries them out, one after the other, on one thread of this instance. */
final class RebuildWorker implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RebuildWorker.class);

    /** Whoever ends a rebuild drops its copy, unless it is killed: so nearly always there is nothing to drop. */
    private static final int LOOKS_BETWEEN_CLEANINGS = 60;

    private final RebuildParts parts;
    private final Function<String, ReadModelParts> models;
    private final String instance;
    private final Semaphore waking = new Semaphore(0);
    private volatile boolean stopping;
    private @Nullable Thread thread;
    private @Nullable ScheduledExecutorService heart;

    RebuildWorker(RebuildParts parts, Function<String, ReadModelParts> models, String instance) {
        this.parts = parts;
        this.models = models;
        this.instance = instance;
    }

    synchronized void start() {
        if (thread != null) {
            return;
        }
        heart = Executors.newSingleThreadScheduledExecutor(work -> daemon(work, "farandole-rebuild-heartbeat"));
        thread = daemon(this::work, "farandole-rebuild");
        thread.start();
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    void wake() {
        waking.release();
    }

    private void work() {
        boolean toClean = true;
        for (int look = 0; !stopping; look++) {
            try {
                if (toClean || look % LOOKS_BETWEEN_CLEANINGS == 0) {
                    clean();
                }
                Optional<Long> claimed =
                        parts.table().claim(instance, parts.settings().lease());
                if (claimed.isPresent()) {
                    workAt(claimed.get());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException | Error e) {
                log.warn(
                        "Rebuilds cannot be looked for now; the next attempt is in {}",
                        parts.settings().lookEvery(),
                        e);
            }
            try {
                toClean = waking.tryAcquire(parts.settings().lookEvery().toMillis(), TimeUnit.MILLISECONDS);
                waking.drainPermits();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void workAt(long id) throws InterruptedException {
        Future<?> beating = beating(id);
        boolean ended = false;
        String readModel = "";
        try {
            Rebuild rebuild = parts.table().find(id).orElseThrow();
            readModel = rebuild.readModel();
            ended = new RebuildRun(parts, rebuild, models.apply(readModel), instance).run(() -> stopping);
        } catch (CopyBatch.TakenOverException e) {
            log.info("Rebuild {}: {}", id, e.getMessage());
        } catch (RefusedException e) {
            ended = failed(id, String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            switch (SqlFailure.of(e)) {
                case OUTAGE, CONFLICT -> log.warn("Rebuild {} waits for the database", id, e);
                case DISK_FULL ->
                    ended = failed(
                            id,
                            "PostgreSQL has no room left for a copy of " + readModel
                                    + ". The live tables are as they were, and the copy is dropped: make room, and start again");
                case DEFECT -> {
                    log.error("Rebuild {} of {} failed", id, readModel, e);
                    ended = failed(
                            id, "It failed with " + e + ": the log tells more. The live tables are as they were");
                }
            }
        } finally {
            beating.cancel(false);
            if (!ended) {
                parts.table().release(id, instance);
            }
        }
        clean();
    }

    private Future<?> beating(long id) {
        ScheduledExecutorService beats = heart;
        if (beats == null) {
            throw new IllegalStateException("Not started");
        }
        long every = Math.max(1, parts.settings().lease().toMillis() / 5);
        return beats.scheduleWithFixedDelay(
                () -> {
                    try {
                        parts.table().heartbeat(id, instance);
                    } catch (RuntimeException e) {
                        log.warn("Rebuild {}: nobody can be told now that this instance is at work", id, e);
                    }
                },
                every,
                every,
                TimeUnit.MILLISECONDS);
    }

    private boolean failed(long id, String sentence) {
        log.warn("Rebuild {}: {}", id, sentence);
        return parts.table().end(id, instance, State.FAILED, sentence, null, 0);
    }

    /** Drops the copies of what has ended. Two may try at once: the second finds nothing. */
    private void clean() {
        for (long id : parts.table().toClean()) {
            parts.inTransaction(() -> {
                CopyTables.drop(parts.jdbc(), id);
                parts.table().cleaned(id);
            });
        }
    }

    @Override
    public void close() {
        Thread working;
        synchronized (this) {
            stopping = true;
            working = thread;
        }
        wake();
        if (working == null) {
            return;
        }
        try {
            working.join(TimeUnit.SECONDS.toMillis(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ScheduledExecutorService beats = heart;
        if (beats != null) {
            beats.shutdownNow();
        }
    }
}
