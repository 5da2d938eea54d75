package io.farandole.boot.operations;

import io.farandole.testservers.Patience;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;

/** Delivers parcels, but for those that a test has made it fail at, or wait with. */
@ProcessingGroup("courier")
class Courier {

    /** A parcel was posted. */
    record ParcelPosted(String parcel) {}

    final Map<String, RuntimeException> failures = new ConcurrentHashMap<>();
    final Map<String, CountDownLatch> waits = new ConcurrentHashMap<>();
    final Set<String> waiting = ConcurrentHashMap.newKeySet();
    final Set<String> delivered = ConcurrentHashMap.newKeySet();
    final List<String> paidFor = new CopyOnWriteArrayList<>();

    @EventHandler
    void on(ParcelPosted event) throws InterruptedException {
        RuntimeException failure = failures.get(event.parcel());
        if (failure != null) {
            throw failure;
        }
        CountDownLatch latch = waits.get(event.parcel());
        if (latch != null) {
            waiting.add(event.parcel());
            if (!latch.await(Patience.SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Nobody let the courier go on");
            }
        }
        delivered.add(event.parcel());
    }
}
