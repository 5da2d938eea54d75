package io.farandole.saga.step;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A declared step, as data.
 *
 * @param name its name
 * @param startedBy events by which it begins; empty if it begins with the saga, or when that says so
 * @param begunBySaga whether it begins when the saga says so
 * @param completedBy events by which it has succeeded
 * @param failedBy events by which it has failed for good
 * @param onFailure what follows then
 * @param limit what limits it: {@code deadline <name>}, {@code outside call <kind>} or {@code time limit <duration>}
 * @param timeLimit that which the framework keeps; null if the saga or the outside call does
 * @param undo what undoes it; null if nothing does
 * @param irreversible why nothing undoes it; null if something does
 */
public record StepDeclaration(
        String name,
        List<Class<?>> startedBy,
        boolean begunBySaga,
        List<Class<?>> completedBy,
        List<Class<?>> failedBy,
        OnFailure onFailure,
        String limit,
        @Nullable TimeLimit timeLimit,
        @Nullable Undo undo,
        @Nullable String irreversible) {

    static final String DEADLINE = "deadline ";

    public StepDeclaration {
        startedBy = List.copyOf(startedBy);
        completedBy = List.copyOf(completedBy);
        failedBy = List.copyOf(failedBy);
    }

    /** Events from which on it is being undone; empty if nothing undoes it, or the saga itself begins to. */
    public List<Class<?>> compensationStartedBy() {
        return undo == null ? List.of() : undo.startedBy();
    }

    /** Events by which it is undone; empty if nothing undoes it. */
    public List<Class<?>> compensationCompletedBy() {
        return undo == null ? List.of() : undo.completedBy();
    }

    /** Events by which its undoing was refused. */
    public List<Class<?>> compensationFailedBy() {
        return undo == null ? List.of() : undo.failedBy();
    }

    /** Whether the saga itself undoes it. */
    public boolean isCompensatedBySaga() {
        return undo != null && undo.isBySaga();
    }

    /** The name of the deadline by which its end is awaited while it stands there; null if no deadline limits that. */
    public @Nullable String deadline(StepStatus status) {
        if (status == StepStatus.COMPENSATING && undo != null && undo.isBySaga()) {
            return undo.timeLimit() == null ? null : undo.timeLimit().deadline();
        }
        if (timeLimit != null) {
            return timeLimit.deadline();
        }
        return limit.startsWith(DEADLINE) ? limit.substring(DEADLINE.length()) : null;
    }

    /** What is awaited while it stands there; empty if nothing is. */
    public List<Class<?>> awaited(StepStatus status) {
        return switch (status) {
            case PENDING -> concatenated(completedBy, failedBy);
            case COMPENSATING -> compensationCompletedBy();
            case SUCCEEDED, FAILED, COMPENSATED, SKIPPED -> List.of();
        };
    }

    static List<Class<?>> concatenated(List<Class<?>> one, List<Class<?>> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }
}
