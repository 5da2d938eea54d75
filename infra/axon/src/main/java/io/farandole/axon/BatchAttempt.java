package io.farandole.axon;

import io.farandole.axon.ParkingTable.QueuedEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.WrappedToken;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * One try at some events in one unit of work and one transaction. It lives in the unit of work's resources, where the
 * processor's interceptor finds it. Used by one thread.
 */
final class BatchAttempt {

    private static final String RESOURCE = BatchAttempt.class.getName();

    private final UnitOfWork<? extends EventMessage<?>> unitOfWork;
    private final Set<EventMessage<?>> passedOver = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<String, List<QueuedEvent>> toQueue = new LinkedHashMap<>();
    private @Nullable EventMessage<?> failedAt;
    private @Nullable Throwable failure;
    private final long began = System.nanoTime();
    private final long first;
    private final Segment segment;
    private boolean handling;

    private BatchAttempt(UnitOfWork<? extends EventMessage<?>> unitOfWork, Segment segment) {
        this.unitOfWork = unitOfWork;
        this.segment = segment;
        this.first = positionOf(unitOfWork.getMessage());
    }

    /**
     * Begins a transaction and a unit of work that ends it.
     *
     * @param unitOfWork not started; still usable for another attempt if this throws
     * @param segment as whoever begins it has claimed it
     */
    static BatchAttempt begin(
            UnitOfWork<? extends EventMessage<?>> unitOfWork, Segment segment, TransactionManager transactions) {
        Transaction transaction = transactions.startTransaction();
        BatchAttempt attempt = new BatchAttempt(unitOfWork, segment);
        unitOfWork.resources().put(RESOURCE, attempt);
        unitOfWork.onCommit(u -> transaction.commit());
        unitOfWork.onRollback(u -> transaction.rollback());
        // An Error thrown during the commit ends the unit of work without either (Axon 4.13). Does nothing after one of
        // them.
        unitOfWork.onCleanup(u -> transaction.rollback());
        unitOfWork.start();
        return attempt;
    }

    /** The attempt that a unit of work belongs to; null in one that did not come from here. */
    static @Nullable BatchAttempt of(UnitOfWork<?> unitOfWork) {
        return (BatchAttempt) unitOfWork.root().resources().get(RESOURCE);
    }

    /** The position of the first event: of a batch unit of work, whose current message it is at its beginning. */
    long first() {
        return first;
    }

    /** When, in {@link System#nanoTime}. */
    long began() {
        return began;
    }

    Segment segment() {
        return segment;
    }

    UnitOfWork<? extends EventMessage<?>> unitOfWork() {
        return unitOfWork;
    }

    /** Neither handles nor queues an event: this half of a merged segment has had it. */
    void passOver(EventMessage<?> event) {
        passedOver.add(event);
    }

    /** Queues an event instead of handling it. */
    void divert(EventMessage<?> event, String processKey) {
        passedOver.add(event);
        List<QueuedEvent> queue = toQueue.computeIfAbsent(processKey, key -> new ArrayList<>());
        long position = positionOf(event);
        // One event of the journal may have been upcast to several: they wait as one.
        if (queue.isEmpty() || queue.get(queue.size() - 1).position() != position) {
            queue.add(new QueuedEvent(position, ReplayToken.isReplay(event)));
        }
    }

    Map<String, List<QueuedEvent>> toQueue() {
        return toQueue;
    }

    boolean isPassedOver(EventMessage<?> event) {
        return passedOver.contains(event);
    }

    /** Whether any of these events was neither passed over nor queued. */
    boolean hasHandled(Collection<? extends EventMessage<?>> events) {
        return events.stream().anyMatch(event -> !passedOver.contains(event));
    }

    /** From here on a failure may come from what handlers talk to, not only from the journal's database. */
    void handling() {
        handling = true;
    }

    boolean isHandling() {
        return handling;
    }

    void failed(EventMessage<?> event, Throwable thrown) {
        failedAt = event;
        failure = thrown;
    }

    /** The event whose handler threw what ended this attempt; null if it was ended otherwise, as by its commit. */
    @Nullable EventMessage<?> culprit(Throwable ended) {
        return failure != null && (ended == failure || ended.getCause() == failure) ? failedAt : null;
    }

    /** An event's position in the journal. */
    static long positionOf(EventMessage<?> event) {
        if (event instanceof TrackedEventMessage<?> tracked) {
            return WrappedToken.unwrapLowerBound(Objects.requireNonNull(tracked.trackingToken()))
                    .position()
                    .orElseThrow(() -> new IllegalStateException("Event " + event.getIdentifier()
                            + " has no position: the processor's source must be the journal's event store"));
        }
        throw new IllegalStateException("Event " + event.getIdentifier() + " does not come from a journal");
    }
}
