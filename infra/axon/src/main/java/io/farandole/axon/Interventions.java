package io.farandole.axon;

import io.farandole.axon.InterventionAnswer.Outcome;
import io.farandole.axon.InterventionTable.Head;
import io.farandole.axon.InterventionTable.Identity;
import io.farandole.messaging.Headers;
import io.farandole.messaging.failpoint.Failpoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.axonframework.common.IdentifierFactory;
import org.axonframework.eventhandling.EventBus;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Accepts what a person decides, and records it. All in the caller's transaction, in this order:
 *
 * <ol>
 *   <li>The deciders' own lock of the process: of two who decide at once, the second sees what the first has recorded. It is not the
 *       row's, so a decider never waits for a handler.
 *   <li>The row, as a worker takes it ({@code for no key update skip locked}). Somebody who has it is a worker at this
 *       process (or one that is just recording a failure, or ending the queue): the event is in flight. Whoever has got it knows that no
 *       worker is at it, and none will be until the decision is committed. The processor may queue more meanwhile, at the queue's other end.
 *   <li>What is in the row and at the head of the queue, by a statement of its own, hence after the lock. Unless both are the event that
 *       the person named, the decision is refused.
 *   <li>The record, the journal's event, and the row, which makes the process due.
 * </ol>
 *
 * <p>Nothing waits for anybody but for another decider, so two decisions in one transaction each could deadlock only with each other, which
 * PostgreSQL notices. Thread-safe.
 */
final class Interventions {

    private final InterventionTable rows;
    private final DecisionTable decisions;
    private final Supplier<EventBus> events;
    private final BiPredicate<String, String> compensable;

    /**
     * How decisions are accepted.
     *
     * @param events where they are published: the event store
     * @param compensable of a processor and a process key
     */
    Interventions(
            InterventionTable rows,
            DecisionTable decisions,
            Supplier<EventBus> events,
            BiPredicate<String, String> compensable) {
        this.rows = rows;
        this.decisions = decisions;
        this.events = events;
        this.compensable = compensable;
    }

    /** Joins the caller's transaction; see {@link ParkedProcesses#intervene}. */
    InterventionAnswer accept(Intervention wanted, @Nullable String groupId) {
        String processor = wanted.processor();
        String processKey = wanted.processKey();
        // PostgreSQL's text has no NUL, so neither has a process that is set aside.
        if ((processor + processKey).indexOf('\0') >= 0) {
            return notSetAside(wanted);
        }
        EventBus journal = events.get();
        rows.lockDeciders(processor, processKey);
        ParkedDecision pending =
                rows.decision(processor, processKey).flatMap(decisions::find).orElse(null);
        if (pending != null && isSame(wanted, pending)) {
            return new InterventionAnswer(
                    Outcome.ALREADY_REQUESTED,
                    pending.id(),
                    "This was decided already and is going to be carried out; nothing was recorded a second time.");
        }
        if (!rows.tryLock(processor, processKey)) {
            return rows.isSetAside(processor, processKey) ? inFlight(wanted) : notSetAside(wanted);
        }
        Optional<Head> found = rows.head(processor, processKey);
        if (found.isEmpty()) {
            return notSetAside(wanted);
        }
        Head head = found.get();
        if (!head.isAt(wanted.failedEventId())) {
            return movedOn(wanted);
        }
        if (wanted.decision() == Decision.COMPENSATE && !compensable.test(processor, processKey)) {
            return notCompensable(wanted);
        }
        return record(wanted, groupId, head, journal);
    }

    private static boolean isSame(Intervention wanted, ParkedDecision pending) {
        return pending.decision() == wanted.decision()
                && pending.eventId().equals(wanted.failedEventId())
                && pending.failedAttempts() == 0
                && pending.endedAt() == null;
    }

    private InterventionAnswer record(Intervention wanted, @Nullable String groupId, Head head, EventBus journal) {
        String id = IdentifierFactory.getInstance().generateIdentifier();
        InterventionDecided decided = new InterventionDecided(
                id,
                groupId,
                wanted.processor(),
                wanted.processKey(),
                wanted.decision(),
                head.eventId(),
                head.eventType(),
                head.position(),
                wanted.decision() == Decision.DISCARD ? head.last() : head.position(),
                head.errorClass(),
                head.attempts(),
                wanted.by(),
                wanted.reason(),
                head.now());
        decisions.insert(decided);
        if (head.decisionId() != null) {
            decisions.supersede(head.decisionId());
        }
        rows.decided(wanted.processor(), wanted.processKey(), id);
        journal.publish(message(decided));
        Failpoint.DECISION_WRITTEN.reached();
        return new InterventionAnswer(Outcome.ACCEPTED, id, sentence(decided));
    }

    /** As the journal has it: its id is the decision's, and it belongs to the failed event's conversation. */
    EventMessage<InterventionDecided> message(InterventionDecided decided) {
        Map<String, Object> metadata = new HashMap<>();
        metadata.put(Headers.PROCESS_KEY, decided.processKey());
        metadata.put(Headers.CAUSATION_ID, decided.eventId());
        rows.identity(decided.position())
                .map(Identity::correlationId)
                .ifPresent(id -> metadata.put(Headers.CORRELATION_ID, id));
        return new GenericEventMessage<>(
                new GenericMessage<>(decided.decisionId(), decided, metadata), decided::decidedAt);
    }

    private static String sentence(InterventionDecided decided) {
        return switch (decided.decision()) {
            case RETRY -> "The event is tried again at once, with all its attempts before it.";
            case SKIP, RESOLVE -> "The event is left out; what is queued behind it goes on.";
            case DISCARD ->
                "All that was queued is left out, up to position " + decided.lastPosition()
                        + "; what comes later is handled.";
            case COMPENSATE -> "The event is left out, and the process is compensated.";
        };
    }

    private static InterventionAnswer notSetAside(Intervention wanted) {
        return refused(
                Outcome.NOT_SET_ASIDE,
                "Process " + wanted.processKey() + " is not set aside in processor " + wanted.processor()
                        + ", or not any more: there is nothing to decide.");
    }

    private static InterventionAnswer inFlight(Intervention wanted) {
        return refused(
                Outcome.IN_FLIGHT,
                "Process " + wanted.processKey() + " is being handled in processor " + wanted.processor()
                        + " at this moment: look again in a few seconds, and decide then.");
    }

    private static InterventionAnswer movedOn(Intervention wanted) {
        return refused(
                Outcome.MOVED_ON,
                "Process " + wanted.processKey() + " has moved on in processor " + wanted.processor() + ": event "
                        + wanted.failedEventId()
                        + " is not what it waits for now. Look at it again, and decide about the event that you find.");
    }

    private static InterventionAnswer notCompensable(Intervention wanted) {
        return refused(
                Outcome.NOT_COMPENSABLE,
                "Nothing in processor " + wanted.processor() + " of this instance can compensate process "
                        + wanted.processKey() + ": retry, skip, resolve or discard it.");
    }

    private static InterventionAnswer refused(Outcome outcome, String sentence) {
        return new InterventionAnswer(outcome, null, sentence);
    }

    /** Tells that a decision has been carried out, in the unit of work in which it is, and whose conversation it belongs to. */
    void applied(InterventionDecided decided, int leftOut) {
        CurrentUnitOfWork.get().root().onCommit(unit -> Failpoint.INTERVENTION_WRITTEN.reached());
        CurrentUnitOfWork.get().root().afterCommit(unit -> Failpoint.INTERVENTION_COMMITTED.reached());
        InterventionApplied applied = new InterventionApplied(
                decided.decisionId(),
                decided.processor(),
                decided.processKey(),
                decided.decision(),
                decided.position(),
                decided.lastPosition(),
                leftOut,
                decisions.resolve(decided.decisionId()));
        // The id is derived, so that the journal's unique index refuses a second one.
        events.get()
                .publish(List.of(new GenericEventMessage<>(
                        new GenericMessage<>(
                                decided.decisionId() + "-applied",
                                applied,
                                MetaData.from(CurrentUnitOfWork.get().getCorrelationData())
                                        .and(Headers.PROCESS_KEY, decided.processKey())
                                        .and(Headers.CAUSATION_ID, decided.decisionId())),
                        applied::appliedAt)));
    }
}
