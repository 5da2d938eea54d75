package io.farandole.saga.status;

import io.farandole.saga.KeyedSagaStore;
import io.farandole.saga.deadline.JournalDeadlines;
import io.farandole.saga.deadline.PendingDeadline;
import io.farandole.saga.outside.OutsideCallView;
import io.farandole.saga.outside.OutsideCalls;
import io.farandole.saga.status.ProcessStatus.CallLine;
import io.farandole.saga.status.ProcessStatus.DeadlineLine;
import io.farandole.saga.status.ProcessStatus.FailureLine;
import io.farandole.saga.status.ProcessStatus.SagaLine;
import io.farandole.saga.status.ProcessStatus.StepLine;
import io.farandole.saga.step.StepDeclaration;
import io.farandole.saga.step.StepPlan;
import io.farandole.saga.step.StepStatus;
import io.farandole.saga.step.StepView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.axonframework.common.transaction.TransactionManager;
import org.jspecify.annotations.Nullable;

/** Tells where processes stand in this context; everything of one answer is read in one transaction. Thread-safe. */
public final class ProcessStatuses {

    private final String context;
    private final Supplier<List<StepPlan>> plans;
    private final KeyedSagaStore sagas;
    private final JournalDeadlines deadlines;
    private final OutsideCalls calls;
    private final Function<String, List<FailureLine>> failures;
    private final TransactionManager transactions;

    /**
     * What tells.
     *
     * @param context this context's name
     * @param plans of the sagas of this context; asked for each time
     * @param failures where a process is set aside, by its key
     */
    public ProcessStatuses(
            String context,
            Supplier<List<StepPlan>> plans,
            KeyedSagaStore sagas,
            JournalDeadlines deadlines,
            OutsideCalls calls,
            Function<String, List<FailureLine>> failures,
            TransactionManager transactions) {
        this.context = context;
        this.plans = plans;
        this.sagas = sagas;
        this.deadlines = deadlines;
        this.calls = calls;
        this.failures = failures;
        this.transactions = transactions;
    }

    /** Where a process stands; nothing is in the answer if this context does not know it, or has forgotten it. */
    public ProcessStatus of(String processKey) {
        return transactions.fetchInTransaction(() -> read(processKey));
    }

    private ProcessStatus read(String processKey) {
        Map<String, StepPlan> declared =
                plans.get().stream().collect(Collectors.toMap(StepPlan::saga, Function.identity()));
        List<PendingDeadline> pending = deadlines.pending(processKey);
        List<SagaLine> lines = new ArrayList<>();
        for (KeyedSagaStore.View saga : sagas.ofProcess(processKey)) {
            lines.add(new SagaLine(
                    saga.sagaType(),
                    saga.startedAt(),
                    saga.updatedAt(),
                    saga.endedAt(),
                    steps(saga, declared.get(saga.sagaType()), pending)));
        }
        return new ProcessStatus(
                context,
                processKey,
                lines,
                pending.stream()
                        .map(it -> new DeadlineLine(it.sagaType(), it.deadlineName(), it.dueAt()))
                        .toList(),
                calls.list(processKey).stream()
                        .filter(it -> it.status() != OutsideCallView.Status.DONE)
                        .map(ProcessStatuses::line)
                        .toList(),
                failures.apply(processKey));
    }

    private static CallLine line(OutsideCallView call) {
        return new CallLine(call.kind(), call.status().name(), call.attempts(), call.dueAt(), call.timeLimitAt());
    }

    private static List<StepLine> steps(
            KeyedSagaStore.View saga, @Nullable StepPlan plan, List<PendingDeadline> pending) {
        List<StepLine> lines = new ArrayList<>();
        for (StepView step : saga.steps()) {
            lines.add(heardOf(saga, step, plan == null ? Optional.empty() : plan.step(step.step()), pending));
        }
        if (plan != null) {
            Set<String> heard = saga.steps().stream().map(StepView::step).collect(Collectors.toSet());
            plan.steps().stream()
                    .filter(step -> !heard.contains(step.name()))
                    .map(ProcessStatuses::notBegun)
                    .forEach(lines::add);
        }
        return lines;
    }

    private static StepLine heardOf(
            KeyedSagaStore.View saga,
            StepView step,
            Optional<StepDeclaration> declared,
            List<PendingDeadline> pending) {
        StepStatus status = step.status();
        boolean awaited = status.isOpen() && saga.endedAt() == null;
        return new StepLine(
                step.step(),
                status,
                step.attempt(),
                step.createdAt(),
                step.updatedAt(),
                awaited
                        ? declared.map(it -> limit(saga.sagaType(), it.deadline(status), pending))
                                .orElse(null)
                        : null,
                step.overdue(),
                step.error(),
                awaited ? declared.map(it -> names(it.awaited(status))).orElse(List.of()) : List.of(),
                declared.map(StepDeclaration::limit).orElse(null),
                step.event());
    }

    private static StepLine notBegun(StepDeclaration step) {
        return new StepLine(step.name(), null, 0, null, null, null, false, null, List.of(), step.limit(), null);
    }

    private static @Nullable Instant limit(String saga, @Nullable String deadline, List<PendingDeadline> pending) {
        return pending.stream()
                .filter(it -> it.sagaType().equals(saga) && it.deadlineName().equals(deadline))
                .map(PendingDeadline::dueAt)
                .min(Instant::compareTo)
                .orElse(null);
    }

    private static List<String> names(List<Class<?>> events) {
        return events.stream().map(Class::getSimpleName).toList();
    }
}
