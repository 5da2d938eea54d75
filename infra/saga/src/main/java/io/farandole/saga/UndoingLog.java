package io.farandole.saga;

import io.farandole.saga.step.StepDeclaration;
import io.farandole.saga.step.StepPlan;
import io.farandole.saga.step.StepStatus;
import io.farandole.saga.step.StepView;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What the step log of one saga says of the undoing by the saga itself: an entry of its own, {@link StepView#UNDOING}, from the moment on
 * at which it was decided. It never goes away again: a process that was undone goes forwards no more, and what succeeds late is undone too.
 */
final class UndoingLog {

    private final StepPlan plan;
    private final StepLog log;
    private final StepLimits limits;
    /** Compensations that were refused by what is handled now. */
    private final Set<String> refused = new LinkedHashSet<>();
    /** Compensations that are to be asked for again now. */
    private final Set<String> again = new LinkedHashSet<>();

    UndoingLog(StepPlan plan, StepLog log, StepLimits limits) {
        this.plan = plan;
        this.log = log;
        this.limits = limits;
    }

    /** Whether it was decided, and has perhaps ended. */
    boolean isOn() {
        return log.entry(StepView.UNDOING) != null;
    }

    /** Whether it is under way. */
    boolean isUnderWay() {
        StepView entry = log.entry(StepView.UNDOING);
        return entry != null && entry.status() == StepStatus.COMPENSATING;
    }

    /**
     * It is decided; without effect if it was before.
     *
     * @throws IllegalStateException if the saga compensates no step itself
     */
    void begin(String reason, String eventId) {
        if (isOn()) {
            return;
        }
        if (!plan.isCompensating()) {
            throw new IllegalStateException(
                    "Saga " + plan.saga() + " is to be undone, but undoes no step itself: let the"
                            + " compensations of its steps name no events that begin them, and write the methods that do"
                            + " (@Compensates)");
        }
        log.settle(StepView.UNDOING, StepStatus.COMPENSATING, reason, eventId);
    }

    /** What was not begun will not be. */
    void skipUnbegun(String eventId) {
        for (StepDeclaration step : plan.steps()) {
            if (log.entry(step.name()) == null) {
                log.settle(step.name(), StepStatus.SKIPPED, "given up before it was begun", eventId);
            }
        }
    }

    /** A participant refused to undo a step. */
    void refused(String step, String why, String eventId) {
        StepView entry = log.entry(step);
        if (entry != null && entry.status() == StepStatus.COMPENSATING) {
            log.settle(step, StepStatus.COMPENSATING, entry.overdue(), why, eventId);
            refused.add(step);
        }
    }

    /** A deadline passed; that of a compensation may be one of a step that this version does not declare. */
    void passed(String deadline, String eventId) {
        for (StepView entry : List.copyOf(log.entries())) {
            String step = entry.step();
            if (entry.status() != StepStatus.COMPENSATING) {
                continue;
            }
            if (deadline.equals(StepPlan.compensationLimitOf(step))) {
                log.settle(step, StepStatus.COMPENSATING, true, entry.error(), eventId);
            } else if (deadline.equals(StepPlan.compensationAgainOf(step))) {
                again.add(step);
            }
        }
    }

    Set<String> takeRefused() {
        return take(refused);
    }

    Set<String> takeAgain() {
        return take(again);
    }

    private static Set<String> take(Set<String> steps) {
        Set<String> taken = new LinkedHashSet<>(steps);
        steps.clear();
        return taken;
    }

    /** The steps whose turn it is. */
    List<String> turn() {
        return new CompensationOrder(plan, log.entries()).turn();
    }

    /** A step's compensation is begun, for the first time. */
    void compensating(String step, String eventId) {
        StepView whole = log.entry(StepView.UNDOING);
        if (whole != null && whole.status() == StepStatus.COMPENSATED) {
            // It was undone, and then something succeeded after all.
            log.settle(StepView.UNDOING, StepStatus.COMPENSATING, whole.error(), eventId);
        }
        log.compensating(step, 1, false, eventId);
    }

    /** A compensation that was begun is begun again. */
    void compensatingAgain(String step, int attempt, String eventId) {
        StepView entry = log.entry(step);
        log.compensating(step, attempt, entry != null && entry.overdue(), eventId);
    }

    /** A compensation that was refused is to be begun again later. */
    void againIn(String step, Duration wait) {
        limits.cancel(StepPlan.compensationAgainOf(step));
        limits.schedule(StepPlan.compensationAgainOf(step), wait);
    }

    /** Whether it has just come to its end: it is under way, and nothing is left. */
    boolean ends(String eventId) {
        StepView whole = log.entry(StepView.UNDOING);
        if (whole == null || !isUnderWay() || !new CompensationOrder(plan, log.entries()).isSettled()) {
            return false;
        }
        log.settle(StepView.UNDOING, StepStatus.COMPENSATED, whole.error(), eventId);
        return true;
    }
}
