package io.farandole.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.EventHandler;

/** The handler: notes when it is called with which event. */
public final class Receiver {

    private final List<Long> handled = new ArrayList<>();
    private final ConcurrentMap<Long, Arrival> arrivals = new ConcurrentHashMap<>();

    private static final class Arrival {
        private final CountDownLatch latch = new CountDownLatch(1);
        private volatile long nanos;
    }

    /** Called by the processor. */
    @EventHandler
    public void on(BenchEvent event) {
        long now = System.nanoTime();
        synchronized (handled) {
            handled.add(event.id());
        }
        Arrival arrival = arrivals.computeIfAbsent(event.id(), id -> new Arrival());
        arrival.nanos = now;
        arrival.latch.countDown();
    }

    /** When the event was handled, by {@link System#nanoTime}. */
    long await(long id) throws InterruptedException {
        Arrival arrival = arrivals.computeIfAbsent(id, key -> new Arrival());
        if (!arrival.latch.await(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Event " + id + " was not handled within 30 s");
        }
        arrivals.remove(id);
        return arrival.nanos;
    }

    List<Long> handled() {
        synchronized (handled) {
            return List.copyOf(handled);
        }
    }
}
