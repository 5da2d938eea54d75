package io.farandole.saga.step;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A declared step, as data.
 *
 * @param name its name
 * @param startedBy events by which it begins; empty if it begins with the saga
 * @param completedBy events by which it has succeeded
 * @param failedBy events by which it has failed for good
 * @param limit what limits it: {@code deadline <name>} or {@code outside call <kind>}
 * @param compensationStartedBy events from which on it is being undone; empty if nothing undoes it
 * @param compensationCompletedBy events by which it is undone; empty if nothing undoes it
 * @param irreversible why nothing undoes it; null if something does
 */
public record StepDeclaration(
        String name,
        List<Class<?>> startedBy,
        List<Class<?>> completedBy,
        List<Class<?>> failedBy,
        String limit,
        List<Class<?>> compensationStartedBy,
        List<Class<?>> compensationCompletedBy,
        @Nullable String irreversible) {

    public StepDeclaration {
        startedBy = List.copyOf(startedBy);
        completedBy = List.copyOf(completedBy);
        failedBy = List.copyOf(failedBy);
        compensationStartedBy = List.copyOf(compensationStartedBy);
        compensationCompletedBy = List.copyOf(compensationCompletedBy);
    }

    /** What is awaited while it stands there; empty if nothing is. */
    public List<Class<?>> awaited(StepStatus status) {
        return switch (status) {
            case PENDING -> concatenated(completedBy, failedBy);
            case COMPENSATING -> compensationCompletedBy;
            case SUCCEEDED, FAILED, COMPENSATED, SKIPPED -> List.of();
        };
    }

    static List<Class<?>> concatenated(List<Class<?>> one, List<Class<?>> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }
}
