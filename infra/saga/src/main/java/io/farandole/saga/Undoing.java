package io.farandole.saga;

import io.farandole.axon.Decision;
import io.farandole.axon.InterventionDecided;
import io.farandole.axon.RetryPolicy;
import io.farandole.saga.deadline.DeadlinePassed;
import io.farandole.saga.step.StepPlan;
import io.farandole.saga.step.StepStatus;
import io.farandole.saga.step.StepView;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Undoes a process by its saga's own methods, in the steps' turn ({@link CompensationOrder}). It has no thread and no clock of its own: it is
 * brought forwards by what the saga handles, as far as it goes without waiting, in the transaction of that event. So wherever
 * it is cut off, either the event and everything that followed from it happened, or the event is handled again.
 *
 * <p>What is thrown on the way is the event's failure: the processor tries it again, as the method's {@code @Retries} says, and parks the
 * process. Thread-safe; all state of a process is in its step log.
 */
final class Undoing<T> {

    private static final int REMEMBERED = 1_000;

    private final StepPlan plan;
    private final CompensationMethods methods;
    /** Whose methods have failed lately: at which event, and how that is to be tried again. */
    private final Map<String, RetryPolicy> failed = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RetryPolicy> eldest) {
            return size() > REMEMBERED;
        }
    });

    Undoing(Class<T> saga, StepPlan plan, ParameterResolverFactory parameters) {
        this.plan = plan;
        this.methods = new CompensationMethods(saga, parameters);
    }

    /** What the method declares in which an event failed; null if it failed elsewhere, or in another process. Asked right after the failure. */
    @Nullable RetryPolicy retryOf(String eventId) {
        return failed.get(eventId);
    }

    /**
     * An event is about to be handled: what is remembered of an earlier attempt counts no more.
     *
     * @throws IllegalStateException if it may be the end of a step that only another version of the class knows: it would be missed, and
     *     the step would hang
     */
    void handling(KeyedSaga<T> saga, String eventId) {
        failed.remove(eventId);
        if (!plan.isCompensating()) {
            return;
        }
        for (StepView entry : saga.steps().openElsewhere()) {
            throw new IllegalStateException("Process " + saga.processKey() + " of saga " + plan.saga() + " has step '"
                    + entry.step() + "' open (" + entry.status()
                    + "), which this version of the saga's class does not"
                    + " declare, so its end would be missed: run a version that declares it");
        }
    }

    /** Goes on with the undoing, if it is on, as far as it goes without waiting. */
    void advance(KeyedSaga<T> saga, T instance, String eventId) throws Exception {
        UndoingLog log = saga.steps().undoing();
        if (!log.isOn()) {
            return;
        }
        requireThisVersion(saga);
        log.skipUnbegun(eventId);
        for (String step : log.takeRefused()) {
            afterRefusal(saga, step, eventId);
        }
        for (String step : log.takeAgain()) {
            StepView entry = saga.steps().entry(step);
            if (entry != null && entry.status() == StepStatus.COMPENSATING) {
                again(saga, instance, step, entry.attempt() + 1, eventId);
            }
        }
        Set<String> begun = new HashSet<>();
        for (List<String> turn = log.turn(); !turn.isEmpty(); turn = log.turn()) {
            for (String step : turn) {
                if (!begun.add(step)) {
                    throw new IllegalStateException("Step '" + step + "' of saga " + plan.saga() + ", process "
                            + saga.processKey()
                            + ", has its turn again right after its undoing has begun: its @Compensates"
                            + " method must not note it as succeeded");
                }
                CompensationMethods.Call method = methodOf(saga, step);
                log.compensating(step, eventId);
                call(saga, instance, step, method, eventId);
            }
        }
        CompensationMethods.Call completed = methods.completed();
        if (completed != null && log.ends(eventId)) {
            run(saga, instance, completed, eventId);
        }
    }

    /**
     * A person had an event left out. What it says of steps that ended is true nevertheless; left out is what it would have had the saga do:
     * the steps that it begins, and, where the process was being undone or the person did it by hand, the compensations whose turn it
     * brings. Whatever follows those goes on.
     */
    void leftOut(KeyedSaga<T> saga, T instance, EventMessage<?> event, InterventionDecided decided) throws Exception {
        UndoingLog log = saga.steps().undoing();
        boolean before = log.isOn();
        boolean byHand = decided.decision() == Decision.RESOLVE;
        String why = StepLog.why(decided.decision(), decided.decisionId());
        hear(saga.steps(), event);
        if (!before) {
            saga.steps()
                    .notBegun(
                            event.getPayloadType(),
                            event.getIdentifier(),
                            byHand ? StepStatus.SUCCEEDED : StepStatus.SKIPPED,
                            why);
        }
        if (log.isOn() && (before || byHand)) {
            Set<String> spared = new LinkedHashSet<>(log.takeRefused());
            spared.addAll(log.takeAgain());
            spared.addAll(log.turn());
            for (String step : spared) {
                saga.steps()
                        .settle(step, byHand ? StepStatus.COMPENSATED : StepStatus.SKIPPED, why, event.getIdentifier());
            }
        }
        advance(saga, instance, event.getIdentifier());
    }

    /** A person has the process undone; if it is already, the event's word is taken, and what was refused is asked for again. */
    void compensate(KeyedSaga<T> saga, T instance, List<EventMessage<?>> failedEvent, InterventionDecided decided)
            throws Exception {
        UndoingLog log = saga.steps().undoing();
        failedEvent.forEach(event -> hear(saga.steps(), event));
        log.begin(StepLog.why(decided.decision(), decided.decisionId()), decided.decisionId());
        for (String step : log.takeRefused()) {
            again(saga, instance, step, 1, decided.decisionId());
        }
        advance(saga, instance, decided.decisionId());
    }

    private void hear(StepLog steps, EventMessage<?> event) {
        if (event.getPayload() instanceof DeadlinePassed passed) {
            if (passed.sagaType().equals(plan.saga())) {
                steps.passed(passed.deadlineName(), event.getIdentifier());
            }
        } else {
            steps.heardOfEnds(event.getPayloadType(), event.getIdentifier());
        }
    }

    private void afterRefusal(KeyedSaga<T> saga, String step, String eventId) {
        StepView entry = saga.steps().entry(step);
        CompensationMethods.Call method = methods.of(step);
        if (entry == null || method == null) {
            return;
        }
        RetryPolicy policy = method.retry() == null ? RetryPolicy.DEFAULT : method.retry();
        if (entry.attempt() >= policy.attempts()) {
            remember(eventId, method);
            throw new CompensationFailedException(
                    plan.saga(), saga.processKey(), step, entry.attempt(), String.valueOf(entry.error()));
        }
        saga.steps().undoing().againIn(step, policy.waitAfter(entry.attempt(), saga.processKey()));
    }

    private void again(KeyedSaga<T> saga, T instance, String step, int attempt, String eventId) throws Exception {
        CompensationMethods.Call method = methodOf(saga, step);
        saga.steps().undoing().compensatingAgain(step, attempt, eventId);
        call(saga, instance, step, method, eventId);
    }

    private void call(KeyedSaga<T> saga, T instance, String step, CompensationMethods.Call method, String eventId)
            throws Exception {
        run(saga, instance, method, eventId);
        StepView entry = saga.steps().entry(step);
        boolean atOnce = plan.step(step)
                .filter(declared -> declared.compensationCompletedBy().isEmpty())
                .isPresent();
        if (atOnce && entry != null && entry.status() == StepStatus.COMPENSATING) {
            saga.steps().settle(step, StepStatus.COMPENSATED, null, eventId);
        }
    }

    private void run(KeyedSaga<T> saga, T instance, CompensationMethods.Call method, String eventId) throws Exception {
        try {
            saga.run(
                    instance,
                    null,
                    eventId,
                    target -> method.on(target, CurrentUnitOfWork.get().getMessage()));
        } catch (Exception e) {
            remember(eventId, method);
            throw e;
        }
    }

    private void remember(String eventId, CompensationMethods.Call method) {
        RetryPolicy policy = method.retry();
        if (policy != null) {
            failed.put(eventId, policy);
        }
    }

    private CompensationMethods.Call methodOf(KeyedSaga<T> saga, String step) {
        CompensationMethods.Call method = methods.of(step);
        if (method == null) {
            throw new IllegalStateException("Step '" + step + "' of saga " + plan.saga() + ", process "
                    + saga.processKey()
                    + ", is to be undone, but this version of the saga's class cannot: run a version that"
                    + " declares the step with @Compensates(\"" + step
                    + "\"), or undo it by hand and decide 'resolve'");
        }
        return method;
    }

    private void requireThisVersion(KeyedSaga<T> saga) {
        if (!plan.isCompensating() && saga.steps().undoing().isUnderWay()) {
            throw new IllegalStateException(
                    "Process " + saga.processKey() + " of saga " + plan.saga()
                            + " is being undone, but this version of the saga's class undoes no steps: run a version that does");
        }
    }
}
