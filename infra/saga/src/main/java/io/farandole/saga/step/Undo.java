package io.farandole.saga.step;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a step is undone, as data.
 *
 * @param startedBy events from which on it is being undone; empty if the saga begins it itself, in its turn
 * @param completedBy events by which it is undone; empty if it is when the saga's method returns
 * @param failedBy events by which the undoing was refused, and is asked for again
 * @param timeLimit how long the undoing may take before it is told as overdue; null if that is not limited
 * @param barrier whether it may be undone before its outcome is known
 */
public record Undo(
        List<Class<?>> startedBy,
        List<Class<?>> completedBy,
        List<Class<?>> failedBy,
        @Nullable TimeLimit timeLimit,
        boolean barrier) {

    public Undo {
        startedBy = List.copyOf(startedBy);
        completedBy = List.copyOf(completedBy);
        failedBy = List.copyOf(failedBy);
    }

    /** Whether the saga itself begins it. */
    public boolean isBySaga() {
        return startedBy.isEmpty();
    }
}
