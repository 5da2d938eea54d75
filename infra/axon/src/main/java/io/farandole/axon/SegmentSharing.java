package io.farandole.axon;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.common.transaction.TransactionManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shares the segments of all processors among the running instances of a service. Axon gives a segment to whoever asks first and
 * never takes it back, so the instance that was started first would do all the work until it ends.
 *
 * <p>Every now and then an instance confirms that it runs, and releases what it has more than its {@link FairShare}, for long enough
 * that another one takes it. Releasing is what Axon does with a segment at a stop: the batch at hand ends and is committed first. Should
 * the next owner begin earlier all the same, the token's fence lets only one of the two commit ({@link BatchTokens}). So this
 * decides who works, never what is done: with a wrong count, or none, segments stay where they are.
 *
 * <p>A thread of its own; it is not asked to be on time.
 */
final class SegmentSharing {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentSharing.class);

    /** The others look for free segments every second; one that nobody takes in this time is taken back. */
    private static final Duration LEFT_TO_OTHERS = Duration.ofSeconds(10);

    private final InstanceTable instances;
    private final TransactionManager transactions;
    private final List<ParkingEventProcessor> processors;
    private final String instance;
    private final Duration every;
    private boolean failing;
    private @Nullable ScheduledExecutorService executor;

    /**
     * Not yet started.
     *
     * @param processors of this instance; may grow
     * @param every how often it looks; zero for never
     */
    SegmentSharing(
            InstanceTable instances,
            TransactionManager transactions,
            List<ParkingEventProcessor> processors,
            String instance,
            Duration every) {
        this.instances = instances;
        this.transactions = transactions;
        this.processors = processors;
        this.instance = instance;
        this.every = every;
    }

    synchronized void start() {
        if (every.isZero() || executor != null) {
            return;
        }
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(new AxonThreadFactory("SegmentSharing"));
        Future<?> unused = started.scheduleWithFixedDelay(this::look, 0, every.toMillis(), TimeUnit.MILLISECONDS);
        executor = started;
    }

    /** Stops, and tells the others that this instance works no more. */
    synchronized void stop() {
        ScheduledExecutorService running = executor;
        executor = null;
        if (running == null) {
            return;
        }
        running.shutdownNow();
        try {
            transactions.executeInTransaction(() -> instances.end(instance));
        } catch (RuntimeException e) {
            LOG.info("Could not tell that this instance ends; the others see it in some seconds: {}", e.toString());
        }
    }

    private void look() {
        try {
            share();
            failing = false;
        } catch (RuntimeException | Error e) {
            // Without an answer nothing is given away, and what works goes on working. Thrown on, it would end the
            // schedule.
            if (!failing) {
                LOG.info("Segments cannot be shared at the moment, and stay where they are: {}", e.toString());
            }
            failing = true;
        }
    }

    private void share() {
        List<String> running = new ArrayList<>();
        List<FairShare.Owned> held = new ArrayList<>();
        for (ParkingEventProcessor processor : processors) {
            if (processor.isRunning()) {
                running.add(processor.getName());
                processor.workingOn().forEach(segment -> held.add(new FairShare.Owned(processor.getName(), segment)));
            }
        }
        InstanceTable.Sight sight =
                transactions.fetchInTransaction(() -> instances.confirm(instance, running, held.size()));
        for (FairShare.Owned given : FairShare.toGive(held, sight)) {
            LOG.info(
                    "Leaves segment {} of {} to another instance: {} of {} segments are here, with {} more instances",
                    given.segment(),
                    given.processor(),
                    held.size(),
                    sight.total(),
                    sight.others().size());
            processors.stream()
                    .filter(processor -> processor.getName().equals(given.processor()))
                    .forEach(processor -> processor.releaseSegment(
                            given.segment(), LEFT_TO_OTHERS.toMillis(), TimeUnit.MILLISECONDS));
        }
    }
}
