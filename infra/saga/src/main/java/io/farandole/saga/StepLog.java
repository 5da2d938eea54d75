package io.farandole.saga;

import io.farandole.axon.Decision;
import io.farandole.saga.step.StepDeclaration;
import io.farandole.saga.step.StepPlan;
import io.farandole.saga.step.StepStatus;
import io.farandole.saga.step.StepView;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The step log of one saga while a batch is handled: an entry per step that was heard of, written with the saga's row, and so in
 * the step's own transaction.
 *
 * <p>Events come in any order, and may come again. So what is written only ever moves forwards: pending, then how it ended, then its
 * compensation. An end that is heard before the beginning stands; a beginning that comes later counts as an attempt, and changes nothing
 * else. A success that comes while the step is being undone changes nothing, for that was decided already; a failure ends it, for
 * nothing is left to undo then. An entry of a step that this version of the saga does not declare is kept as it is.
 */
final class StepLog {

    private final StepPlan plan;
    private final Clock clock;
    private final Map<String, StepView> entries = new LinkedHashMap<>();
    private boolean changed;

    StepLog(StepPlan plan, List<StepView> entries, Clock clock) {
        this.plan = plan;
        this.clock = clock;
        entries.forEach(entry -> this.entries.put(entry.step(), entry));
    }

    /** Whether there is something to write. */
    boolean changed() {
        return changed;
    }

    Collection<StepView> entries() {
        return entries.values();
    }

    /**
     * An event that the saga is about to handle.
     *
     * @param starts whether it has just started the saga
     */
    void heard(Class<?> event, String eventId, boolean starts) {
        for (StepDeclaration step : plan.steps()) {
            boolean begins = step.startedBy().isEmpty() ? starts : names(step.startedBy(), event);
            if (begins) {
                begin(step.name(), eventId);
            }
            if (names(step.completedBy(), event)) {
                end(step.name(), StepStatus.SUCCEEDED, null, eventId);
            }
            if (names(step.failedBy(), event)) {
                end(step.name(), StepStatus.FAILED, event.getSimpleName(), eventId);
            }
            if (names(step.compensationStartedBy(), event)) {
                undo(step.name(), eventId);
            }
            if (names(step.compensationCompletedBy(), event)) {
                undone(step.name(), eventId);
            }
        }
    }

    /** A deadline of the saga has passed, and is about to be handled. */
    void passed(String deadline, String eventId) {
        for (StepDeclaration step : plan.steps()) {
            StepView entry = entries.get(step.name());
            if (entry != null && entry.status().isOpen() && step.limit().equals("deadline " + deadline)) {
                write(entry, entry.status(), entry.attempt(), true, entry.error(), eventId);
            }
        }
    }

    /**
     * A person had an event left out: an open step that it begins or ends is not awaited any more. It is skipped, or done if the
     * person says that it was done by hand.
     */
    void leftOut(Class<?> event, String eventId, Decision decision, String decisionId) {
        StepStatus status = decision == Decision.RESOLVE ? StepStatus.SUCCEEDED : StepStatus.SKIPPED;
        for (StepDeclaration step : plan.steps()) {
            StepView entry = entries.get(step.name());
            boolean open = entry == null || entry.status() == StepStatus.PENDING;
            if (open && (names(step.startedBy(), event) || names(step.completedBy(), event))) {
                String why = decision.name().toLowerCase(Locale.ROOT) + " by decision " + decisionId;
                note(step.name(), status, why, eventId);
            }
        }
    }

    /** What the saga's handler says itself. */
    void note(String step, StepStatus status, @Nullable String error, String eventId) {
        if (plan.step(step).isEmpty()) {
            throw new IllegalArgumentException("Saga " + plan.saga() + " declares no step '" + step + "'; it has "
                    + plan.steps().stream().map(StepDeclaration::name).toList());
        }
        StepView entry = entries.get(step);
        write(entry == null ? none(step) : entry, status, entry == null ? 0 : entry.attempt(), false, error, eventId);
    }

    private void begin(String step, String eventId) {
        StepView entry = entries.get(step);
        if (entry == null) {
            write(none(step), StepStatus.PENDING, 1, false, null, eventId);
        } else {
            write(entry, entry.status(), entry.attempt() + 1, entry.overdue(), entry.error(), eventId);
        }
    }

    private void end(String step, StepStatus status, @Nullable String error, String eventId) {
        StepView entry = entries.get(step);
        if (entry == null) {
            write(none(step), status, 0, false, error, eventId);
        } else if (entry.status() == StepStatus.PENDING
                || (entry.status() == StepStatus.COMPENSATING && status == StepStatus.FAILED)) {
            write(entry, status, entry.attempt(), entry.overdue(), error, eventId);
        }
    }

    private void undo(String step, String eventId) {
        StepView entry = entries.get(step);
        if (entry == null) {
            write(none(step), StepStatus.SKIPPED, 0, false, "given up before it was begun", eventId);
        } else if (entry.status() == StepStatus.PENDING || entry.status() == StepStatus.SUCCEEDED) {
            write(entry, StepStatus.COMPENSATING, entry.attempt(), entry.overdue(), entry.error(), eventId);
        }
    }

    /** Heard before the compensation has begun, it has begun as well; of a step that was never begun, there was nothing to undo. */
    private void undone(String step, String eventId) {
        undo(step, eventId);
        StepView entry = Objects.requireNonNull(entries.get(step));
        if (entry.status() == StepStatus.COMPENSATING) {
            write(entry, StepStatus.COMPENSATED, entry.attempt(), entry.overdue(), entry.error(), eventId);
        }
    }

    private static boolean names(List<Class<?>> events, Class<?> event) {
        for (Class<?> named : events) {
            if (named.isAssignableFrom(event)) {
                return true;
            }
        }
        return false;
    }

    private StepView none(String step) {
        Instant now = clock.instant();
        return new StepView(step, StepStatus.PENDING, 0, now, now, null, false, null);
    }

    private void write(
            StepView entry, StepStatus status, int attempt, boolean overdue, @Nullable String error, String eventId) {
        entries.put(
                entry.step(),
                new StepView(
                        entry.step(), status, attempt, entry.createdAt(), clock.instant(), eventId, overdue, error));
        changed = true;
    }
}
