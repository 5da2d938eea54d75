package io.farandole.saga.status;

import io.farandole.saga.step.StepStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a process stands in one context, as of one moment. Holds no payloads and no state of sagas.
 *
 * @param context whose word this is
 * @param processKey of the process
 * @param sagas those of the process, in the order of their start; empty if the context has none, or has forgotten them
 * @param deadlines that have not passed
 * @param outsideCalls that are not closed
 * @param failures where the process is set aside
 */
public record ProcessStatus(
        String context,
        String processKey,
        List<SagaLine> sagas,
        List<DeadlineLine> deadlines,
        List<CallLine> outsideCalls,
        List<FailureLine> failures) {

    public ProcessStatus {
        sagas = List.copyOf(sagas);
        deadlines = List.copyOf(deadlines);
        outsideCalls = List.copyOf(outsideCalls);
        failures = List.copyOf(failures);
    }

    /** Whether the context knows anything of the process. */
    public boolean isKnown() {
        return !(sagas.isEmpty() && deadlines.isEmpty() && outsideCalls.isEmpty() && failures.isEmpty());
    }

    /**
     * A saga of the process.
     *
     * @param saga the name under which it is stored
     * @param endedAt null while it is active
     * @param steps those it was heard of, in the order in which they were; then those that are declared and have not begun
     */
    public record SagaLine(
            String saga, Instant startedAt, Instant updatedAt, @Nullable Instant endedAt, List<StepLine> steps) {

        public SagaLine {
            steps = List.copyOf(steps);
        }
    }

    /**
     * A step of a saga.
     *
     * @param status null if it has not begun
     * @param attempt how often it was begun; 0 if not
     * @param createdAt when it was first heard of; null if not yet
     * @param updatedAt when it was last heard of; null if not yet
     * @param deadline when its time limit passes; null if nothing is awaited, or if it is not limited by a deadline of this context
     * @param overdue whether its time limit has passed while it was open
     * @param error why it failed, or was left out; null otherwise
     * @param awaits the events of which one ends it, by their names in the code; empty if nothing is awaited
     * @param limit what limits it, as declared; null for a step that this version of the saga does not declare
     * @param event the id of the event that was last heard of it; null if not yet
     */
    public record StepLine(
            String step,
            @Nullable StepStatus status,
            int attempt,
            @Nullable Instant createdAt,
            @Nullable Instant updatedAt,
            @Nullable Instant deadline,
            boolean overdue,
            @Nullable String error,
            List<String> awaits,
            @Nullable String limit,
            @Nullable String event) {

        public StepLine {
            awaits = List.copyOf(awaits);
        }
    }

    /** A deadline that has not passed yet. */
    public record DeadlineLine(String saga, String deadline, Instant dueAt) {}

    /**
     * An outside call that is not closed.
     *
     * @param dueAt when it is made next, or its worker's lease ends
     * @param timeLimit when it is given up
     */
    public record CallLine(String kind, String status, int attempts, Instant dueAt, Instant timeLimit) {}

    /**
     * A processor in which the process is set aside.
     *
     * @param status {@code RETRYING} by itself, or {@code PARKED} until a person decides
     * @param attempts that failed
     * @param failedEvent the id of the event that fails
     * @param failedEventType the class of its payload
     * @param error the class of the latest failure; its message and stack trace are for operators
     * @param nextAttemptAt null once parked
     * @param waitingEvents how many events wait, the failed one included
     */
    public record FailureLine(
            String processor,
            String status,
            int attempts,
            String failedEvent,
            String failedEventType,
            String error,
            Instant since,
            @Nullable Instant nextAttemptAt,
            long waitingEvents) {}
}
