package io.farandole.saga;

import io.farandole.axon.Decision;
import io.farandole.saga.step.OnFailure;
import io.farandole.saga.step.StepDeclaration;
import io.farandole.saga.step.StepPlan;
import io.farandole.saga.step.StepStatus;
import io.farandole.saga.step.StepView;
import io.farandole.saga.step.TimeLimit;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The step log of one saga while a batch is handled: an entry per step that was heard of, written with the saga's row, and so in
 * the step's own transaction.
 *
 * <p>Events come in any order, and may come again. So what is written only ever moves forwards: pending, then how it ended, then its
 * compensation. An end that is heard before the beginning stands; a beginning that comes later counts as an attempt, and changes nothing
 * else. A success that comes while the step is being undone changes nothing, for that was decided already; a failure ends it, for
 * nothing is left to undo then. An entry of a step that this version of the saga does not declare is kept as it is; one that is
 * open when this version ends the saga says so.
 *
 * <p>Where the saga compensates its steps itself, nothing that has an effect may be forgotten: a success counts also after a failure or
 * after the step was skipped, and a step that has failed and is begun again is pending again. What it means for the undoing is
 * {@link UndoingLog}'s.
 */
final class StepLog {

    private final StepPlan plan;
    private final Clock clock;
    private final StepLimits limits;
    private final Map<String, StepView> entries = new LinkedHashMap<>();
    private final UndoingLog undoing;
    private boolean changed;
    /** Of what is heard now: higher than all before. */
    private int number;

    StepLog(StepPlan plan, List<StepView> entries, Clock clock, StepLimits limits) {
        this.plan = plan;
        this.clock = clock;
        this.limits = limits;
        entries.forEach(entry -> this.entries.put(entry.step(), entry));
        this.number = entries.stream()
                .flatMap(entry -> Stream.of(entry.began(), entry.done()))
                .filter(Objects::nonNull)
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
        this.undoing = new UndoingLog(plan, this, limits);
    }

    /** Whether there is something to write. */
    boolean changed() {
        return changed;
    }

    Collection<StepView> entries() {
        return entries.values();
    }

    @Nullable StepView entry(String step) {
        return entries.get(step);
    }

    /** Open steps that only another version of the class declares: their end would be missed. */
    List<StepView> openElsewhere() {
        return entries.values().stream()
                .filter(entry -> entry.status().isOpen()
                        && !entry.step().equals(StepView.UNDOING)
                        && plan.step(entry.step()).isEmpty())
                .toList();
    }

    /** The undoing of the process by the saga itself. */
    UndoingLog undoing() {
        return undoing;
    }

    /**
     * An event that the saga is about to handle. While it is being undone it begins no step any more.
     *
     * @param starts whether it has just started the saga
     */
    void heard(Class<?> event, String eventId, boolean starts) {
        number++;
        boolean forward = !undoing.isOn();
        for (StepDeclaration step : plan.steps()) {
            boolean begins = step.startedBy().isEmpty()
                    ? starts && !step.begunBySaga()
                    : StepPlan.names(step.startedBy(), event);
            if (begins && forward) {
                begin(step.name(), eventId);
            }
            end(step, event, eventId);
        }
    }

    /** An event that is left out: what it says has ended, has ended; what it would have begun, has not. */
    void heardOfEnds(Class<?> event, String eventId) {
        number++;
        plan.steps().forEach(step -> end(step, event, eventId));
    }

    private void end(StepDeclaration step, Class<?> event, String eventId) {
        if (StepPlan.names(step.completedBy(), event)) {
            end(step.name(), StepStatus.SUCCEEDED, null, eventId);
        }
        if (StepPlan.names(step.failedBy(), event)) {
            end(step.name(), StepStatus.FAILED, event.getSimpleName(), eventId);
        }
        if (StepPlan.names(step.compensationStartedBy(), event)) {
            undo(step.name(), eventId);
        }
        if (StepPlan.names(step.compensationCompletedBy(), event)) {
            undone(step, eventId);
        }
        if (StepPlan.names(step.compensationFailedBy(), event)) {
            undoing.refused(step.name(), event.getSimpleName(), eventId);
        }
    }

    /** A deadline of the saga has passed, and is about to be handled. */
    void passed(String deadline, String eventId) {
        number++;
        undoing.passed(deadline, eventId);
        for (StepDeclaration step : plan.steps()) {
            StepView entry = entries.get(step.name());
            if (entry != null && entry.status().isOpen() && deadline.equals(step.deadline(entry.status()))) {
                write(entry, entry.status(), entry.attempt(), true, entry.error(), eventId);
                TimeLimit limit = step.timeLimit();
                if (entry.status() == StepStatus.PENDING && limit != null) {
                    late(step.name(), limit, eventId);
                }
            }
        }
    }

    private void late(String step, TimeLimit limit, String eventId) {
        switch (limit.then()) {
            case STAY_OPEN -> {}
            case FAIL -> end(step, StepStatus.FAILED, "took longer than " + limit, eventId);
            case COMPENSATE -> undoing.begin("step '" + step + "' took longer than " + limit, eventId);
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
            boolean named = StepPlan.names(step.startedBy(), event) || StepPlan.names(step.completedBy(), event);
            if (open && named) {
                note(step.name(), status, why(decision, decisionId), eventId);
            }
        }
    }

    /** The same where the saga compensates its steps itself: the steps that the event begins are not begun, or done by hand. */
    void notBegun(Class<?> event, String eventId, StepStatus status, String why) {
        for (StepDeclaration step : plan.steps()) {
            StepView entry = entries.get(step.name());
            boolean open = entry == null || entry.status() == StepStatus.PENDING;
            if (open && StepPlan.names(step.startedBy(), event)) {
                note(step.name(), status, why, eventId);
            }
        }
    }

    static String why(Decision decision, String decisionId) {
        return decision.name().toLowerCase(Locale.ROOT) + " by decision " + decisionId;
    }

    /** The saga's handler begins a step. */
    void begun(String step, String eventId) {
        StepDeclaration declared = require(step);
        if (!declared.begunBySaga()) {
            throw new IllegalArgumentException("Step '" + step + "' of saga " + plan.saga() + " begins by "
                    + (declared.startedBy().isEmpty() ? "the saga's start" : declared.startedBy())
                    + ": declare it as begunBySaga to begin it from a handler");
        }
        if (undoing.isOn()) {
            throw new IllegalStateException("Saga " + plan.saga() + " begins step '" + step
                    + "' while it is being undone:" + " ask SagaSteps.isCompensating() first");
        }
        begin(step, eventId);
    }

    private StepDeclaration require(String step) {
        return plan.step(step)
                .orElseThrow(() -> new IllegalArgumentException("Saga " + plan.saga() + " declares no step '" + step
                        + "'; it has "
                        + plan.steps().stream().map(StepDeclaration::name).toList()));
    }

    /** What the saga's handler says itself. */
    void note(String step, StepStatus status, @Nullable String error, String eventId) {
        settle(require(step).name(), status, error, eventId);
    }

    /** The same, also of a step that this version does not declare. */
    void settle(String step, StepStatus status, @Nullable String error, String eventId) {
        settle(step, status, false, error, eventId);
    }

    void settle(String step, StepStatus status, boolean overdue, @Nullable String error, String eventId) {
        StepView entry = entries.get(step);
        write(entry == null ? none(step) : entry, status, entry == null ? 0 : entry.attempt(), overdue, error, eventId);
    }

    /** The saga's own compensation of a step is begun; how often it was, this time included, is its attempt. */
    void compensating(String step, int attempt, boolean overdue, String eventId) {
        StepView entry = entries.get(step);
        write(entry == null ? none(step) : entry, StepStatus.COMPENSATING, attempt, overdue, null, eventId);
    }

    private void begin(String step, String eventId) {
        StepView entry = entries.get(step);
        if (entry == null) {
            write(none(step), StepStatus.PENDING, 1, false, null, eventId);
            return;
        }
        boolean anew = plan.isCompensating()
                && (entry.status() == StepStatus.SKIPPED
                        || (entry.status() == StepStatus.FAILED && entry.attempt() > 0));
        boolean pending = entry.status() == StepStatus.PENDING;
        boolean limited =
                pending && plan.step(step).map(StepDeclaration::timeLimit).isPresent();
        write(
                entry,
                anew ? StepStatus.PENDING : entry.status(),
                entry.attempt() + 1,
                !anew && !limited && entry.overdue(),
                anew ? null : entry.error(),
                eventId);
    }

    private void end(String step, StepStatus status, @Nullable String error, String eventId) {
        StepView entry = entries.get(step);
        if (entry == null) {
            write(none(step), status, 0, false, error, eventId);
        } else if (counts(entry, status)) {
            write(entry, status, entry.attempt(), entry.overdue(), error, eventId);
        }
    }

    private boolean counts(StepView entry, StepStatus end) {
        return switch (entry.status()) {
            case PENDING -> true;
            // What had succeeded has not failed; what is undone before its outcome was known may have.
            case COMPENSATING -> end == StepStatus.FAILED && entry.done() == null;
            case FAILED, SKIPPED -> plan.isCompensating() && end == StepStatus.SUCCEEDED;
            case SUCCEEDED, COMPENSATED -> false;
        };
    }

    private void undo(String step, String eventId) {
        StepView entry = entries.get(step);
        if (entry == null) {
            write(none(step), StepStatus.SKIPPED, 0, false, "given up before it was begun", eventId);
        } else if (entry.status() == StepStatus.PENDING || entry.status() == StepStatus.SUCCEEDED) {
            write(entry, StepStatus.COMPENSATING, entry.attempt(), entry.overdue(), entry.error(), eventId);
        }
    }

    /**
     * Heard before the compensation has begun, it has begun as well. Of a step that was never begun, there was nothing to undo; but of one
     * that the saga itself undoes, a participant does not tell so unless there was.
     */
    private void undone(StepDeclaration step, String eventId) {
        String name = step.name();
        if (!step.isCompensatedBySaga()) {
            undo(name, eventId);
        }
        StepView entry = entries.get(name);
        if (entry == null) {
            write(none(name), StepStatus.COMPENSATED, 0, false, null, eventId);
        } else if (entry.status() == StepStatus.COMPENSATING
                || (step.isCompensatedBySaga()
                        && (entry.status() == StepStatus.PENDING || entry.status() == StepStatus.SUCCEEDED))) {
            write(entry, StepStatus.COMPENSATED, entry.attempt(), entry.overdue(), entry.error(), eventId);
        }
    }

    /**
     * Nobody awaits the end of its open steps any more. Of one that this version does not declare, no end was heard, though it may have
     * come: whoever reads the log is told.
     */
    void sagaEnded() {
        for (StepView entry : openElsewhere()) {
            write(entry, entry.status(), entry.attempt(), entry.overdue(), StepView.NOT_FOLLOWED, entry.event());
        }
        for (StepDeclaration step : plan.steps()) {
            StepView entry = entries.get(step.name());
            if (entry != null && entry.status().isOpen()) {
                cancelLimits(step, entry.status());
            }
        }
    }

    private StepView none(String step) {
        Instant now = clock.instant();
        return new StepView(step, StepStatus.PENDING, 0, now, now, null, false, null, null, null);
    }

    private void write(
            StepView entry,
            StepStatus status,
            int attempt,
            boolean overdue,
            @Nullable String error,
            @Nullable String eventId) {
        boolean begins = status == StepStatus.PENDING && attempt > entry.attempt();
        boolean succeeds = status == StepStatus.SUCCEEDED && entry.done() == null;
        boolean counted = plan.isCompensating();
        put(new StepView(
                entry.step(),
                status,
                attempt,
                entry.createdAt(),
                clock.instant(),
                eventId,
                overdue,
                error,
                counted && (begins || (succeeds && entry.began() == null)) ? Integer.valueOf(number) : entry.began(),
                counted && succeeds ? Integer.valueOf(number) : entry.done()));
    }

    private void put(StepView now) {
        StepView before = entries.put(now.step(), now);
        changed = true;
        StepDeclaration step = plan.step(now.step()).orElse(null);
        if (step != null) {
            keepLimits(step, before, now);
            if (now.status() == StepStatus.FAILED
                    && step.onFailure() == OnFailure.COMPENSATE
                    && (before == null || before.status() != StepStatus.FAILED)) {
                undoing.begin("step '" + now.step() + "' has failed: " + now.error(), String.valueOf(now.event()));
            }
        }
    }

    /** A step's time limit runs anew with each attempt; that of its compensation runs for all attempts together. */
    private void keepLimits(StepDeclaration step, @Nullable StepView before, StepView now) {
        boolean moved = before == null || before.status() != now.status();
        if (before != null
                && before.status().isOpen()
                && (moved || (now.status() == StepStatus.PENDING && now.attempt() > before.attempt()))) {
            cancelLimits(step, before.status());
        }
        boolean begins = now.status() == StepStatus.PENDING
                && now.attempt() > 0
                && (moved || now.attempt() > Objects.requireNonNull(before).attempt());
        if (begins && step.timeLimit() != null) {
            limits.schedule(step.timeLimit().deadline(), step.timeLimit().duration());
        }
        TimeLimit ofUndo = step.undo() == null ? null : step.undo().timeLimit();
        if (now.status() == StepStatus.COMPENSATING && moved && ofUndo != null) {
            limits.schedule(ofUndo.deadline(), ofUndo.duration());
        }
    }

    private void cancelLimits(StepDeclaration step, StepStatus status) {
        if (status == StepStatus.PENDING && step.timeLimit() != null) {
            limits.cancel(step.timeLimit().deadline());
        }
        if (status == StepStatus.COMPENSATING
                && step.undo() != null
                && step.undo().timeLimit() != null) {
            limits.cancel(step.undo().timeLimit().deadline());
            if (!step.compensationFailedBy().isEmpty()) {
                limits.cancel(StepPlan.compensationAgainOf(step.name()));
            }
        }
    }
}
