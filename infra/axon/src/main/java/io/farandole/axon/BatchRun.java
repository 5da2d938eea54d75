package io.farandole.axon;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackingToken;
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
 *   <li>A defect of everything ({@link OutageBrake}): while the brake is on, an event that fails alone stays where it is, and the batch
 *       with it, until it succeeds, or until others get through ({@link Probes}).
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
    private final PartAttempts attempts;
    private final Probes probes;
    private final Deque<BatchPart> todo = new ArrayDeque<>();

    /** Whether the next part has been tried before, so that its segment may have moved on meanwhile. */
    private boolean triedBefore;

    BatchRun(ParkingEventProcessor processor, ParkingEventProcessor.Parts parts, Segment segment) {
        this.processor = processor;
        this.parts = parts;
        this.segment = segment;
        this.attempts = new PartAttempts(processor, parts, segment);
        this.probes = new Probes(processor, parts, segment, attempts);
    }

    /** @param unitOfWork as the work package prepared it, with hooks for the token and its status; for the first attempt */
    void run(List<? extends EventMessage<?>> events, UnitOfWork<? extends EventMessage<?>> unitOfWork)
            throws Exception {
        TrackingToken token = attempts.prepared(unitOfWork);
        List<? extends EventMessage<?>> left =
                processor.ahead().mayInclude(segment.getSegmentId(), BatchAttempt.positionOf(events.get(0)))
                        ? notHandled(events)
                        : events;
        if (left.isEmpty()) {
            return;
        }
        todo.push(BatchPart.of(left, token));
        while (!todo.isEmpty()) {
            List<BatchPart> pieces = settle(todo.pop());
            for (int i = pieces.size() - 1; i >= 0; i--) {
                todo.push(pieces.get(i));
            }
        }
    }

    private List<? extends EventMessage<?>> notHandled(List<? extends EventMessage<?>> events) throws Exception {
        for (int outages = 0; ; outages++) {
            try {
                return attempts.notHandled(events);
            } catch (RuntimeException e) {
                if (FailureKind.of(e) != FailureKind.OUTAGE) {
                    throw e;
                }
                log.warn("Processor {} waits for its database: {}", parts.name(), e.toString());
                processor.pause(doubled(outages), e);
            }
        }
    }

    /** @return what the part is to be divided into; empty when it is done */
    private List<BatchPart> settle(BatchPart part) throws Exception {
        Map<String, PartAttempts.SetAside> aside = Map.of();
        int conflicts = 0;
        int outages = 0;
        boolean begun = triedBefore;
        triedBefore = false;
        while (true) {
            BatchAttempt attempt = null;
            try {
                if (begun && attempts.isCommitted(part)) {
                    return List.of();
                }
                attempt = attempts.begin(part, parts.transactions());
                begun = true;
                attempts.execute(attempt, part, aside, false);
                return List.of();
            } catch (Exception | Error thrown) {
                Exception failure = attempts.asException(thrown);
                switch (PartAttempts.kindOf(thrown, attempt)) {
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
                        } else if (aside.isEmpty()) {
                            // Two writers that met say nothing about others; a database of the handlers' own that is
                            // away does.
                            if (FailureKind.of(thrown) == FailureKind.OUTAGE && isBraked(part, thrown)) {
                                return braked(part, failure);
                            }
                            aside = attempts.setAside(part.events(), thrown, false);
                            conflicts = 0;
                        } else {
                            processor.pause(LONGEST_PAUSE, failure);
                        }
                    }
                    case DEFECT -> {
                        if (processor.isStopping() || !aside.isEmpty()) {
                            // Either not its fault, or it cannot even be set aside: the work package gives up its
                            // segment.
                            throw failure;
                        }
                        if (!part.isSingle()) {
                            return divided(part, attempt, thrown);
                        }
                        if (isBraked(part, thrown)) {
                            return braked(part, failure);
                        }
                        aside = attempts.setAside(part.events(), thrown, true);
                    }
                    case FENCED -> throw failure;
                }
            }
        }
    }

    private boolean isBraked(BatchPart part, Throwable thrown) {
        boolean braked = false;
        for (String key : attempts.keys(part.events())) {
            braked |= parts.brake().own().failed(key, thrown);
        }
        return braked;
    }

    /** @return what is left of the batch, with the event at hand first if it is to be tried again */
    private List<BatchPart> braked(BatchPart part, Exception failure) throws Exception {
        BatchPart batch = part.followedBy(todo);
        todo.clear();
        triedBefore = true;
        return probes.round(batch, failure);
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

    /** A few milliseconds, more with each time, up to a second. */
    static Duration doubled(int times) {
        Duration wait = SHORTEST_PAUSE.multipliedBy(1L << Math.min(times, 10));
        return wait.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wait;
    }
}
