package io.farandole.acceptance.chaos;

import io.farandole.acceptance.shop.ServiceProcess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Starts what has ended, as an orchestrator would: also a service that could not start because its database was away. One that was
 * ready and then ends although nobody has killed it is a fault of ours, and told. Thread-safe.
 */
final class Supervisor implements AutoCloseable {

    private static final long LOOK_MILLIS = 500;

    private final Map<String, Watched> instances = new LinkedHashMap<>();
    private final List<String> endedByThemselves = new ArrayList<>();
    private final AtomicInteger startedAgain = new AtomicInteger();
    private final Thread thread = new Thread(this::run, "chaos-supervisor");
    private volatile boolean closed;

    Supervisor(List<ServiceProcess> ready) {
        ready.forEach(instance -> instances.put(instance.name(), new Watched(instance)));
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Kills it, and leaves it so until {@link #letStart}. */
    void kill(String name) throws InterruptedException {
        Watched watched = watched(name);
        synchronized (watched) {
            watched.held = true;
            watched.wasReady = false;
            watched.instance.kill();
        }
    }

    void letStart(String name) {
        Watched watched = watched(name);
        synchronized (watched) {
            watched.held = false;
        }
    }

    /** Freezes it, if it runs. */
    void freeze(String name) throws InterruptedException {
        Watched watched = watched(name);
        synchronized (watched) {
            if (watched.instance.isAlive()) {
                watched.frozen = true;
                watched.instance.pause();
            }
        }
    }

    void wake(String name) throws InterruptedException {
        Watched watched = watched(name);
        synchronized (watched) {
            watched.frozen = false;
            if (watched.instance.isAlive()) {
                watched.instance.resume();
            }
        }
    }

    /** Whether all instances are ready. */
    boolean allReady() throws InterruptedException {
        for (Watched watched : instances.values()) {
            synchronized (watched) {
                if (!watched.instance.isReadyNow()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** How many starts there were after the first ones. */
    int startedAgain() {
        return startedAgain.get();
    }

    /** Instances that had been ready, and ended though nobody had killed them. */
    List<String> endedByThemselves() {
        synchronized (endedByThemselves) {
            return List.copyOf(endedByThemselves);
        }
    }

    private Watched watched(String name) {
        Watched watched = instances.get(name);
        if (watched == null) {
            throw new IllegalArgumentException("There is no instance " + name);
        }
        return watched;
    }

    private void run() {
        try {
            while (!closed) {
                for (Watched watched : instances.values()) {
                    look(watched);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Watched watched) throws InterruptedException {
        synchronized (watched) {
            ServiceProcess instance = watched.instance;
            if (watched.held) {
                return;
            }
            if (!instance.isAlive()) {
                if (watched.wasReady) {
                    synchronized (endedByThemselves) {
                        endedByThemselves.add(instance.name());
                    }
                }
                watched.wasReady = false;
                startedAgain.incrementAndGet();
                instance.start();
            } else if (!watched.wasReady && !watched.frozen) {
                watched.wasReady = instance.isReadyNow();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** An instance; guarded by itself. */
    private static final class Watched {

        private final ServiceProcess instance;
        private boolean held;
        private boolean frozen;
        private boolean wasReady = true;

        Watched(ServiceProcess instance) {
            this.instance = instance;
        }
    }
}
