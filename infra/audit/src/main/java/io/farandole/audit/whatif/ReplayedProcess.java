package io.farandole.audit.whatif;

import io.farandole.saga.step.StepView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a saga did with one process.
 *
 * @param events those that it has a handler for, in order, up to the first failure
 * @param started whether there was a saga at all
 * @param ended whether it has ended
 * @param state its fields as JSON; null if it has not started
 * @param steps where its steps stand
 * @param notes what was left out, and why; empty if nothing
 */
public record ReplayedProcess(
        String processKey,
        List<ReplayedEvent> events,
        boolean started,
        boolean ended,
        @Nullable String state,
        List<StepView> steps,
        List<String> notes) {

    public ReplayedProcess {
        events = List.copyOf(events);
        steps = List.copyOf(steps);
        notes = List.copyOf(notes);
    }

    /** Without the state, which may hold personal data. */
    @Override
    public String toString() {
        return "ReplayedProcess[" + processKey + ", " + events.size() + " events" + (ended ? ", ended" : "") + "]";
    }
}
