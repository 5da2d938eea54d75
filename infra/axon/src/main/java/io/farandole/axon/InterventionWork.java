package io.farandole.axon;

import io.farandole.axon.InterventionTable.Identity;
import io.farandole.axon.ParkingTable.Claim;
import io.farandole.axon.ParkingTable.QueuedEvent;
import java.util.List;
import java.util.stream.Stream;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericTrackedEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.MultiEventHandlerInvoker;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out a decision other than a retry, in the transaction that holds the claim and in which the events leave the queue. The
 * message that is handled is the decision itself: what the handlers do about it has it as its cause. Thread-safe.
 */
final class InterventionWork {

    private static final Logger log = LoggerFactory.getLogger(InterventionWork.class);

    private static final int PAGE = 100;

    private final InterventionTable rows;
    private final Interventions interventions;
    private final EventsAt journal;

    InterventionWork(InterventionTable rows, Interventions interventions, EventsAt journal) {
        this.rows = rows;
        this.interventions = interventions;
        this.journal = journal;
    }

    /** Ends the transaction, unless it throws before a unit of work could take it over. */
    BatchAttempt begin(InterventionDecided decided, Transaction transaction) {
        return BatchAttempt.begin(
                new DefaultUnitOfWork<>(new GenericTrackedEventMessage<>(
                        new GlobalSequenceTrackingToken(decided.position()), interventions.message(decided))),
                Segment.ROOT_SEGMENT,
                () -> transaction);
    }

    /** Runs the unit of work and ends it; what is thrown has rolled it back. */
    void carryOut(
            BatchAttempt attempt,
            Claim claim,
            QueuedEvent head,
            InterventionDecided decided,
            ParkingEventProcessor processor)
            throws Exception {
        processor.handle(attempt, () -> {
            requireAt(decided, head);
            List<EventHandlerInvoker> invokers = invokers(processor);
            if (decided.decision() == Decision.COMPENSATE) {
                compensate(
                        decided,
                        invokers,
                        queued(claim, decided.position(), decided.position()).get(0));
            } else {
                tell(claim, decided, invokers);
            }
            int leftOut = rows.leaveOut(claim.processor(), claim.processKey(), decided.lastPosition());
            interventions.applied(decided, leftOut);
        });
    }

    /** It cannot be otherwise, since only a decision, or what ends it, changes a decision or its queue's head. It must not, either. */
    static void requireAt(InterventionDecided decided, QueuedEvent head) {
        if (decided.position() != head.position()) {
            throw new IllegalStateException(decided + " is about position " + decided.position()
                    + ", but its queue begins with " + head.position() + ": it is not carried out; decide anew");
        }
    }

    /** Whether an invoker of a processor can compensate a process. */
    static boolean canCompensate(ParkingEventProcessor processor, String processKey) {
        return compensating(invokers(processor), processKey).findAny().isPresent();
    }

    private static Stream<Compensating> compensating(List<EventHandlerInvoker> invokers, String processKey) {
        return invokers.stream()
                .filter(Compensating.class::isInstance)
                .map(Compensating.class::cast)
                .filter(each -> each.canCompensate(processKey));
    }

    private static List<EventHandlerInvoker> invokers(ParkingEventProcessor processor) {
        EventHandlerInvoker invoker = processor.parts().invoker();
        return invoker instanceof MultiEventHandlerInvoker several ? several.delegates() : List.of(invoker);
    }

    private void compensate(InterventionDecided decided, List<EventHandlerInvoker> invokers, QueuedEvent failed)
            throws Exception {
        List<Compensating> able = compensating(invokers, decided.processKey()).toList();
        if (able.isEmpty()) {
            throw new IllegalStateException("Process " + decided.processKey() + " in processor " + decided.processor()
                    + " cannot be compensated any more: look at what it has done, and decide anew");
        }
        LeftOutEvent event = leftOut(failed);
        for (Compensating each : able) {
            each.compensate(decided, event);
        }
    }

    private void tell(Claim claim, InterventionDecided decided, List<EventHandlerInvoker> invokers) throws Exception {
        List<EventHandlerInvoker> aware =
                invokers.stream().filter(InterventionAware.class::isInstance).toList();
        if (aware.isEmpty()) {
            return;
        }
        long next = decided.position();
        List<QueuedEvent> page;
        do {
            page = queued(claim, next, decided.lastPosition());
            for (QueuedEvent queued : page) {
                LeftOutEvent event = leftOut(queued);
                for (EventHandlerInvoker each : aware) {
                    if (isFor(each, event)) {
                        ((InterventionAware) each).leftOut(decided, event);
                    }
                }
                next = queued.position() + 1;
            }
        } while (page.size() == PAGE);
    }

    private List<QueuedEvent> queued(Claim claim, long first, long last) {
        return rows.queued(claim.processor(), claim.processKey(), first, last, PAGE);
    }

    private static boolean isFor(EventHandlerInvoker invoker, LeftOutEvent event) {
        return event.messages().isEmpty()
                || event.messages().stream().anyMatch(message -> invoker.canHandle(message, Segment.ROOT_SEGMENT));
    }

    private LeftOutEvent leftOut(QueuedEvent queued) {
        List<TrackedEventMessage<?>> messages = readable(queued);
        if (!messages.isEmpty()) {
            EventMessage<?> first = messages.get(0);
            return new LeftOutEvent(
                    queued.position(),
                    first.getIdentifier(),
                    first.getPayloadType().getName(),
                    List.copyOf(messages));
        }
        Identity identity = identity(queued.position());
        return new LeftOutEvent(queued.position(), identity.eventId(), identity.eventType(), List.of());
    }

    /** What an upcaster or a codec cannot read is what a person most wants to leave out. */
    private List<TrackedEventMessage<?>> readable(QueuedEvent queued) {
        try {
            return load(queued);
        } catch (RuntimeException e) {
            if (FailureKind.of(e) != FailureKind.DEFECT) {
                throw e;
            }
            log.warn("The event at position {} cannot be read; it is left out all the same", queued.position(), e);
            return List.of();
        }
    }

    /** The failure of an event that cannot be read: named as the journal names it, so that a person can decide about it. */
    Failure unreadable(Throwable thrown, boolean counts, long position) {
        Identity identity = identity(position);
        return Failure.of(thrown, counts, position, identity.eventId(), identity.eventType());
    }

    /** A journal that was restored from an older copy than the queues may lack it; the position names it then. */
    private Identity identity(long position) {
        return rows.identity(position).orElseGet(() -> new Identity("position-" + position, "unknown", null));
    }

    /** An event as the handler is given it, told to be replayed if it was met in a replay; none if it cannot be read. */
    List<TrackedEventMessage<?>> load(QueuedEvent queued) {
        List<TrackedEventMessage<?>> events = journal.position(queued.position());
        if (!queued.replayed()) {
            return events;
        }
        GlobalSequenceTrackingToken position = new GlobalSequenceTrackingToken(queued.position());
        return events.stream()
                .<TrackedEventMessage<?>>map(
                        event -> event.withTrackingToken(ReplayToken.createReplayToken(position, position)))
                .toList();
    }
}
