package io.farandole.axon;

import io.farandole.axon.InterventionTable.Identity;
import io.farandole.axon.ParkingTable.Claim;
import io.farandole.axon.ParkingTable.QueuedEvent;
import java.util.List;
import java.util.Optional;
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

/**
 * Carries out a decision other than a retry, in the transaction that holds the claim and in which the events leave the queue. The
 * message that is handled is the decision itself: what the handlers do about it has it as its cause. Thread-safe.
 */
final class InterventionWork {

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
    void carryOut(BatchAttempt attempt, Claim claim, InterventionDecided decided, ParkingEventProcessor processor)
            throws Exception {
        processor.handle(attempt, () -> {
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
        List<TrackedEventMessage<?>> messages = load(queued);
        if (!messages.isEmpty()) {
            EventMessage<?> first = messages.get(0);
            return new LeftOutEvent(
                    queued.position(),
                    first.getIdentifier(),
                    first.getPayloadType().getName(),
                    List.copyOf(messages));
        }
        Optional<Identity> identity = rows.identity(queued.position());
        return new LeftOutEvent(
                queued.position(),
                identity.map(Identity::eventId).orElseThrow(() -> gone(queued.position())),
                identity.map(Identity::eventType).orElseThrow(() -> gone(queued.position())),
                List.of());
    }

    /** The failure of an event that cannot be read: named as the journal names it, so that a person can decide about it. */
    Failure unreadable(Throwable thrown, boolean counts, long position) {
        Identity identity = rows.identity(position).orElseThrow(() -> gone(position));
        return Failure.of(thrown, counts, position, identity.eventId(), identity.eventType());
    }

    private static IllegalStateException gone(long position) {
        return new IllegalStateException("The journal has no event at position " + position
                + ", although it is queued: has the journal been restored from an older copy than the queues?");
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
