package io.farandole.axon;

import io.farandole.eventstore.RoundTrip;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
 * Gets one batch of a work package done: as one transaction if all goes well, otherwise in as many parts as it takes to
 * leave out nothing but the events that fail alone. Each part stores the token of its last event in its own transaction, so
 * a crash between two parts goes on with the next.
 *
 * <ul>
 *   <li>A defect: the event that threw is tried alone, after what is before it and before what is behind it. If nobody knows
 *       which event it was (a failure at commit), the part is halved until it is found. An event that fails alone is queued,
 *       and its process set aside, with the token moving past it in the same transaction. The work is linear in the number
 *       of failing events.
 *   <li>A conflict (optimistic lock, deadlock): the part is repeated after a few milliseconds, then halved, which shortens the
 *       time in which others can get in between. An event that conflicts even alone is set aside without counting, so
 *       that the others go on.
 *   <li>An outage of the journal's database: repeated until it is over or the processor is stopped.
 * </ul>
 *
 * <p>For one batch, used by one thread.
 */
final class BatchRun {

    private static final Logger log = LoggerFactory.getLogger(BatchRun.class);

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(5);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final int ATTEMPTS_ALONE = 8;

    private final ParkingEventProcessor processor;
    private final ParkingEventProcessor.Parts parts;
    private final Segment segment;
    private final String tokenResource;
    private Map<String, Object> resources = Map.of();
    private @Nullable UnitOfWork<? extends EventMessage<?>> prepared;

    BatchRun(ParkingEventProcessor processor, ParkingEventProcessor.Parts parts, Segment segment) {
        this.processor = processor;
        this.parts = parts;
        this.segment = segment;
        this.tokenResource = "Processor[" + parts.name() + "]/Token";
    }

    /** @param unitOfWork as the work package prepared it, with hooks for the token and its status; for the first attempt */
    void run(List<? extends EventMessage<?>> events, UnitOfWork<? extends EventMessage<?>> unitOfWork)
            throws Exception {
        prepared = unitOfWork;
        resources = new HashMap<>(unitOfWork.resources());
        TrackingToken token = (TrackingToken) Objects.requireNonNull(resources.get(tokenResource));
        Deque<BatchPart> todo = new ArrayDeque<>();
        todo.push(BatchPart.of(events, token));
        while (!todo.isEmpty()) {
            List<BatchPart> pieces = settle(todo.pop());
            for (int i = pieces.size() - 1; i >= 0; i--) {
                todo.push(pieces.get(i));
            }
        }
    }

    /** @return what the part is to be divided into; empty when it is done */
    private List<BatchPart> settle(BatchPart part) throws Exception {
        Failure aside = null;
        int conflicts = 0;
        int outages = 0;
        boolean begun = false;
        while (true) {
            BatchAttempt attempt = null;
            try {
                if (begun && isCommitted(part)) {
                    return List.of();
                }
                attempt = BatchAttempt.begin(unitOfWorkFor(part), segment, parts.transactions());
                begun = true;
                prepared = null;
                execute(attempt, part, aside);
                processor.handled(segment, part.token());
                return List.of();
            } catch (Exception | Error thrown) {
                Exception failure = thrown instanceof Exception exception
                        ? exception
                        : new IllegalStateException("Processor " + parts.name() + " met an error", thrown);
                switch (kindOf(thrown, attempt)) {
                    case OUTAGE -> {
                        log.warn("Processor {} waits for its database: {}", parts.name(), thrown.toString());
                        processor.pause(doubled(outages++), failure);
                    }
                    case CONFLICT -> {
                        conflicts++;
                        if (conflicts
                                < (part.isSingle()
                                        ? ATTEMPTS_ALONE
                                        : parts.settings().conflictAttempts())) {
                            log.debug(
                                    "Processor {} repeats {} events after a conflict",
                                    parts.name(),
                                    size(part),
                                    thrown);
                            processor.pause(doubled(conflicts), failure);
                        } else if (!part.isSingle()) {
                            log.info("Processor {} divides {} events that keep conflicting", parts.name(), size(part));
                            return part.halves();
                        } else if (aside == null) {
                            aside = Failure.of(thrown, false, BatchAttempt.positionOf(part.first()), part.first());
                            conflicts = 0;
                        } else {
                            processor.pause(LONGEST_PAUSE, failure);
                        }
                    }
                    case DEFECT -> {
                        if (processor.isStopping() || aside != null) {
                            // Either not its fault, or it cannot even be set aside: the work package gives up its
                            // segment.
                            throw failure;
                        }
                        if (!part.isSingle()) {
                            return divided(part, attempt, thrown);
                        }
                        aside = Failure.of(thrown, true, BatchAttempt.positionOf(part.first()), part.first());
                        log.warn(
                                "Process {} failed in processor {} at {} {} and is set aside; all others go on",
                                parts.keys().apply(part.first()),
                                parts.name(),
                                part.first().getPayloadType().getSimpleName(),
                                part.first().getIdentifier(),
                                thrown);
                    }
                    case FENCED -> throw failure;
                }
            }
        }
    }

    private void execute(BatchAttempt attempt, BatchPart part, @Nullable Failure aside) throws Exception {
        List<EventMessage<?>> events = part.events();
        try {
            List<EventMessage<?>> handled = divert(attempt, events, aside);
            attempt.handling();
            if (!handled.isEmpty()) {
                processor.prepare(handled, segment);
            }
        } catch (Exception | Error thrown) {
            attempt.unitOfWork().rollback(thrown);
            throw thrown;
        }
        processor.handle(attempt, events, segment);
    }

    /**
     * Takes out what must not be handled here. The rows are held before anything is handled, that is before any lock of an
     * aggregate is taken: a wait for whoever is just ending a queue can be part of no deadlock.
     */
    private List<EventMessage<?>> divert(BatchAttempt attempt, List<EventMessage<?>> events, @Nullable Failure aside) {
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
            if (aside == null) {
                processor.ask(ours, segment, first);
            }
            first.execute();
        }
        List<EventMessage<?>> handled = new ArrayList<>(ours.size());
        for (EventMessage<?> event : ours) {
            String key = parts.keys().apply(event);
            if (aside != null || held.contains(key)) {
                attempt.divert(event, key);
            } else {
                handled.add(event);
            }
        }
        if (!attempt.toQueue().isEmpty()) {
            attempt.unitOfWork().onPrepareCommit(u -> queue(attempt, held, aside));
            attempt.unitOfWork().afterCommit(u -> parts.onParked().run());
        }
        return handled;
    }

    private void queue(BatchAttempt attempt, Set<String> held, @Nullable Failure aside) {
        if (aside != null) {
            RetryPolicy policy = parts.retries().of(attempt.unitOfWork().getMessage());
            for (String key : attempt.toQueue().keySet()) {
                if (!held.contains(key)) {
                    parts.parking().setAside(parts.name(), key, aside, policy);
                }
            }
        }
        parts.parking().enqueue(parts.name(), attempt.toQueue());
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
    private boolean isCommitted(BatchPart part) {
        TrackingToken stored =
                parts.transactions().fetchInTransaction(() -> parts.tokens().fetchToken(parts.name(), segment));
        if (stored == null || !stored.covers(plain(part.first()))) {
            return false;
        }
        if (stored.covers(plain(part.last()))) {
            return true;
        }
        throw new UnableToClaimTokenException("Segment " + segment.getSegmentId() + " of processor " + parts.name()
                + " has been advanced into this batch by another instance; it starts again from the stored token");
    }

    private static TrackingToken plain(EventMessage<?> event) {
        return WrappedToken.unwrapLowerBound(Objects.requireNonNull(((TrackedEventMessage<?>) event).trackingToken()));
    }

    /**
     * A connection that fails while handlers run may be one to a database of their own. The journal's was there when the attempt
     * began, so it is treated like a conflict: repeated, narrowed down, set aside without counting.
     */
    private static FailureKind kindOf(Throwable thrown, @Nullable BatchAttempt attempt) {
        FailureKind kind = FailureKind.of(thrown);
        return kind == FailureKind.OUTAGE && attempt != null && attempt.isHandling() ? FailureKind.CONFLICT : kind;
    }

    private static List<BatchPart> divided(BatchPart part, @Nullable BatchAttempt attempt, Throwable thrown) {
        for (int i = 0; i < part.positions().size(); i++) {
            EventMessage<?> event = part.positions().get(i).get(0);
            if (attempt != null && isBlamed(event, part.positions().get(i), attempt, thrown)) {
                log.debug("Trying event {} alone", event.getIdentifier(), thrown);
                return part.isolating(i);
            }
        }
        log.debug("Halving {} events: one of them fails at commit", size(part), thrown);
        return part.halves();
    }

    private static boolean isBlamed(
            EventMessage<?> first, List<EventMessage<?>> position, BatchAttempt attempt, Throwable thrown) {
        if (thrown instanceof ProcessFailedException failed) {
            return ProcessKeys.of(first).equals(failed.processKey()) && !attempt.isPassedOver(first);
        }
        EventMessage<?> culprit = attempt.culprit(thrown);
        return culprit != null && position.stream().anyMatch(event -> event == culprit);
    }

    private static int size(BatchPart part) {
        return part.positions().size();
    }

    private static Duration doubled(int times) {
        Duration wait = SHORTEST_PAUSE.multipliedBy(1L << Math.min(times, 10));
        return wait.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wait;
    }
}
