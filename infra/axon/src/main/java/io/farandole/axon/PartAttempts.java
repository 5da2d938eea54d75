package io.farandole.axon;

import io.farandole.eventstore.RoundTrip;
import io.farandole.messaging.failpoint.Failpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.MergedTrackingToken;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.WrappedToken;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attempts that {@link BatchRun} and {@link Probes} make at parts of a batch, each in a unit of work and a transaction of its own:
 * which events are handled, which are queued, and what a failure means.
 *
 * <p>For one batch, used by one thread.
 */
final class PartAttempts {

    private static final Logger log = LoggerFactory.getLogger(PartAttempts.class);

    private final ParkingEventProcessor processor;
    private final ParkingEventProcessor.Parts parts;
    private final Segment segment;
    private final String tokenResource;
    private Map<String, Object> resources = Map.of();
    private @Nullable UnitOfWork<? extends EventMessage<?>> prepared;

    PartAttempts(ParkingEventProcessor processor, ParkingEventProcessor.Parts parts, Segment segment) {
        this.processor = processor;
        this.parts = parts;
        this.segment = segment;
        this.tokenResource = "Processor[" + parts.name() + "]/Token";
    }

    /** What an event that failed is set aside with. */
    record SetAside(EventMessage<?> event, Throwable thrown, Failure failure, RetryPolicy policy) {}

    /**
     * Takes over what the work package prepared.
     *
     * @param unitOfWork with hooks for the token and its status; for the first attempt
     * @return the token at the end of the batch
     */
    TrackingToken prepared(UnitOfWork<? extends EventMessage<?>> unitOfWork) {
        prepared = unitOfWork;
        resources = new HashMap<>(unitOfWork.resources());
        return (TrackingToken) Objects.requireNonNull(resources.get(tokenResource));
    }

    /** Leaves out what has been handled ahead of the work package ({@link Probes}), as the stored token tells. */
    List<? extends EventMessage<?>> notHandled(List<? extends EventMessage<?>> events) {
        prepared = null;
        TrackingToken stored = storedToken();
        return events.stream()
                .filter(event -> stored == null || !stored.covers(plain(event)))
                .toList();
    }

    /** Begins an attempt at a part. */
    BatchAttempt begin(BatchPart part, TransactionManager transactions) {
        BatchAttempt attempt = BatchAttempt.begin(unitOfWorkFor(part), segment, transactions);
        prepared = null;
        return attempt;
    }

    /** The keys of those events that this segment has to handle. */
    Set<String> keys(List<EventMessage<?>> events) {
        Set<String> keys = new LinkedHashSet<>();
        for (EventMessage<?> event : events) {
            if (isOurs(event)) {
                keys.add(parts.keys().apply(event));
            }
        }
        return keys;
    }

    /** What the events of one position are set aside with, by process. */
    Map<String, SetAside> setAside(List<EventMessage<?>> events, Throwable thrown, boolean counts) {
        EventMessage<?> event = events.get(0);
        SetAside aside = new SetAside(
                event,
                thrown,
                Failure.of(thrown, counts, BatchAttempt.positionOf(event), event),
                parts.retries().of(event));
        Map<String, SetAside> all = new LinkedHashMap<>();
        keys(events).forEach(key -> all.put(key, aside));
        return all;
    }

    /** How a try at a part ended that may be given up. */
    enum Outcome {
        /** Something was handled. */
        THROUGH,
        /** There was nothing to handle, and nothing was kept. */
        NOTHING,
        /** It failed: a defect, or an outage of what the handlers talk to. */
        FAILED,
        /** Nobody knows: a conflict, or an outage of the journal's database. */
        UNKNOWN
    }

    record Try(Outcome outcome, @Nullable Throwable thrown) {}

    /**
     * Handles a part and rolls back. What the transaction itself does at its commit, such as to flush JPA's changes or to check deferred
     * constraints, is left out, so a rehearsal may promise too much.
     */
    Try rehearse(BatchPart part) throws Exception {
        Rehearsal rehearsal = new Rehearsal(parts.transactions());
        BatchAttempt attempt = null;
        try {
            attempt = begin(part, rehearsal);
            execute(attempt, part, Map.of(), true);
            throw new IllegalStateException("A rehearsal must not commit");
        } catch (Exception | Error thrown) {
            return rehearsal.isOver() ? new Try(Outcome.THROUGH, null) : outcome(thrown, attempt);
        }
    }

    /** Handles the last of some events, and sets the others aside, in one transaction; keeps nothing unless something was handled. */
    Try together(BatchPart part, Map<String, SetAside> aside) throws Exception {
        boolean begun = false;
        for (int outages = 0; ; outages++) {
            BatchAttempt attempt = null;
            try {
                if (begun && isCommitted(part)) {
                    return new Try(Outcome.THROUGH, null);
                }
                attempt = begin(part, parts.transactions());
                begun = true;
                execute(attempt, part, aside, true);
                return new Try(Outcome.THROUGH, null);
            } catch (Exception | Error thrown) {
                Try failed = outcome(thrown, attempt);
                if (kindOf(thrown, attempt) != FailureKind.OUTAGE) {
                    return failed;
                }
                processor.pause(BatchRun.doubled(outages), asException(thrown));
            }
        }
    }

    private Try outcome(Throwable thrown, @Nullable BatchAttempt attempt) throws Exception {
        if (thrown instanceof NothingHandledException) {
            return new Try(Outcome.NOTHING, null);
        }
        FailureKind kind = kindOf(thrown, attempt);
        if (kind == FailureKind.FENCED || processor.isStopping()) {
            throw asException(thrown);
        }
        boolean failed = kind == FailureKind.DEFECT
                || (kind == FailureKind.CONFLICT && FailureKind.of(thrown) == FailureKind.OUTAGE);
        return new Try(failed ? Outcome.FAILED : Outcome.UNKNOWN, thrown);
    }

    Exception asException(Throwable thrown) {
        return thrown instanceof Exception exception
                ? exception
                : new IllegalStateException("Processor " + parts.name() + " met an error", thrown);
    }

    /**
     * Handles what is to be handled of a part, queues the rest, and commits.
     *
     * @param aside of which processes all events are queued, for they have failed
     * @param mustHandle whether to keep nothing, unless something is handled
     */
    void execute(BatchAttempt attempt, BatchPart part, Map<String, SetAside> aside, boolean mustHandle)
            throws Exception {
        List<EventMessage<?>> events = part.events();
        List<EventMessage<?>> handled;
        try {
            Failpoint.BATCH_READ.reached();
            attempt.unitOfWork().onPrepareCommit(unit -> Failpoint.BATCH_HANDLED.reached());
            handled = divert(attempt, events, aside);
            attempt.handling();
            if (!handled.isEmpty()) {
                processor.prepare(handled, segment);
            } else if (mustHandle) {
                throw new NothingHandledException();
            }
        } catch (Exception | Error thrown) {
            attempt.unitOfWork().rollback(thrown);
            throw thrown;
        }
        processor.handle(attempt, events, segment);
        Failpoint.BATCH_COMMITTED.reached();
        processor.handled(segment, part.token());
        aside.forEach(this::tell);
        if (!handled.isEmpty()) {
            parts.brake().succeeded(attempt.began());
        }
    }

    /** A conflict is nothing to tell. */
    private void tell(String processKey, SetAside aside) {
        if (aside.failure().counts()) {
            log.warn(
                    "Process {} failed in processor {} at {} {} and is set aside; all others go on",
                    processKey,
                    parts.name(),
                    aside.event().getPayloadType().getSimpleName(),
                    aside.event().getIdentifier(),
                    aside.thrown());
        }
    }

    /**
     * Takes out what must not be handled here. The rows are held before anything is handled, that is before any lock of an
     * aggregate is taken: a wait for whoever is just ending a queue can be part of no deadlock.
     */
    private List<EventMessage<?>> divert(
            BatchAttempt attempt, List<EventMessage<?>> events, Map<String, SetAside> aside) {
        List<EventMessage<?>> ours = new ArrayList<>(events.size());
        Set<String> keys = new LinkedHashSet<>();
        for (EventMessage<?> event : events) {
            if (isOurs(event)) {
                ours.add(event);
                keys.add(parts.keys().apply(event));
            } else {
                attempt.passOver(event);
            }
        }
        Set<String> held = new HashSet<>();
        if (!keys.isEmpty()) {
            RoundTrip first = parts.parking().roundTrip();
            parts.parking().hold(parts.name(), keys, held, first);
            if (aside.isEmpty()) {
                processor.ask(ours, segment, first);
            }
            first.execute();
        }
        List<EventMessage<?>> handled = new ArrayList<>(ours.size());
        for (EventMessage<?> event : ours) {
            String key = parts.keys().apply(event);
            if (aside.containsKey(key) || held.contains(key)) {
                attempt.divert(event, key);
            } else {
                handled.add(event);
            }
        }
        if (!attempt.toQueue().isEmpty()) {
            attempt.unitOfWork().onPrepareCommit(u -> queue(attempt, held, aside));
            attempt.unitOfWork().afterCommit(u -> {
                Failpoint.PARKING_COMMITTED.reached();
                parts.onParked().run();
            });
        }
        return handled;
    }

    private void queue(BatchAttempt attempt, Set<String> held, Map<String, SetAside> aside) {
        for (String key : attempt.toQueue().keySet()) {
            if (!held.contains(key)) {
                SetAside own = Objects.requireNonNull(aside.get(key), key);
                parts.parking().setAside(parts.name(), key, own.failure(), own.policy());
            }
        }
        parts.parking().enqueue(parts.name(), attempt.toQueue());
        Failpoint.PARKING_WRITTEN.reached();
    }

    /**
     * False for a bookmark, which is there for its position only, and for an event that one half of a merged segment has had
     * already. While the halves are apart the token says, per event, which half it is new to; Axon's pooled processor (4.13) leaves that to its batch processor, which is here.
     */
    private boolean isOurs(EventMessage<?> event) {
        return parts.invoker().canHandle(event, segment)
                && (!(event instanceof TrackedEventMessage<?> tracked)
                        || !(tracked.trackingToken() instanceof WrappedToken)
                        || isNewTo(segment, tracked.trackingToken(), event));
    }

    private boolean isNewTo(Segment candidate, @Nullable TrackingToken token, EventMessage<?> event) {
        MergedTrackingToken merged = token == null
                ? null
                : WrappedToken.unwrap(token, MergedTrackingToken.class).orElse(null);
        if (merged == null) {
            return parts.invoker().canHandle(event, candidate);
        }
        Segment[] halves = candidate.split();
        return (merged.isLowerSegmentAdvanced() && isNewTo(halves[0], merged.lowerSegmentToken(), event))
                || (merged.isUpperSegmentAdvanced() && isNewTo(halves[1], merged.upperSegmentToken(), event));
    }

    private UnitOfWork<? extends EventMessage<?>> unitOfWorkFor(BatchPart part) {
        if (prepared != null) {
            return prepared;
        }
        UnitOfWork<EventMessage<?>> unitOfWork = new BatchingUnitOfWork<>(part.events());
        unitOfWork.resources().putAll(resources);
        unitOfWork.resources().put(tokenResource, part.token());
        unitOfWork.onPrepareCommit(u -> parts.tokens().storeToken(part.token(), parts.name(), segment.getSegmentId()));
        return unitOfWork;
    }

    /**
     * Whether an attempt that seemed to fail had been committed: its answer may have been lost with the connection.
     *
     * @throws UnableToClaimTokenException if another instance works on the segment now, or has, or if it has been split or merged
     */
    boolean isCommitted(BatchPart part) {
        TrackingToken stored = storedToken();
        if (stored == null || !stored.covers(plain(part.first()))) {
            return false;
        }
        if (stored.covers(plain(part.last()))) {
            return true;
        }
        throw new UnableToClaimTokenException("Segment " + segment.getSegmentId() + " of processor " + parts.name()
                + " has been advanced into this batch by another instance; it starts again from the stored token");
    }

    private @Nullable TrackingToken storedToken() {
        return parts.transactions().fetchInTransaction(() -> parts.tokens().fetchToken(parts.name(), segment));
    }

    private static TrackingToken plain(EventMessage<?> event) {
        return WrappedToken.unwrapLowerBound(Objects.requireNonNull(((TrackedEventMessage<?>) event).trackingToken()));
    }

    /**
     * A connection that fails while handlers run may be one to a database of their own. The journal's was there when the attempt
     * began, so it is treated like a conflict: repeated, narrowed down, set aside without counting.
     */
    static FailureKind kindOf(Throwable thrown, @Nullable BatchAttempt attempt) {
        FailureKind kind = FailureKind.of(thrown);
        return kind == FailureKind.OUTAGE && attempt != null && attempt.isHandling() ? FailureKind.CONFLICT : kind;
    }

    /** A transaction manager whose transactions are rolled back as they are to be committed. For one transaction. */
    private static final class Rehearsal implements TransactionManager {

        private final TransactionManager delegate;
        private boolean over;

        Rehearsal(TransactionManager delegate) {
            this.delegate = delegate;
        }

        boolean isOver() {
            return over;
        }

        @Override
        public Transaction startTransaction() {
            Transaction transaction = delegate.startTransaction();
            return new Transaction() {
                @Override
                public void commit() {
                    over = true;
                    throw new RehearsalOverException();
                }

                @Override
                public void rollback() {
                    transaction.rollback();
                }
            };
        }
    }

    /** Ends a rehearsal. */
    private static final class RehearsalOverException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        RehearsalOverException() {
            super("The rehearsal is over: it went well", null, false, false);
        }
    }

    /** Ends an attempt that must handle something, and has nothing to handle. */
    private static final class NothingHandledException extends Exception {

        private static final long serialVersionUID = 1L;

        NothingHandledException() {
            super("Nothing to handle", null, false, false);
        }
    }
}
