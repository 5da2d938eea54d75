package io.farandole.boot.status;

import io.farandole.saga.status.ProcessStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a process stands, in every context that was asked.
 *
 * @param processKey of the process
 * @param contexts what each context tells, this one first; those that know nothing of it left out
 * @param missing the contexts that gave no answer
 * @param awaited what is awaited next, of all contexts
 */
public record ProcessOverview(
        String processKey, List<ProcessStatus> contexts, List<Missing> missing, List<Awaited> awaited) {

    public ProcessOverview {
        contexts = List.copyOf(contexts);
        missing = List.copyOf(missing);
        awaited = List.copyOf(awaited);
    }

    /**
     * A context that gave no answer.
     *
     * @param reason why, without addresses
     */
    public record Missing(String context, String reason) {}

    /**
     * A step that waits.
     *
     * @param events one of which ends it
     * @param deadline when its time limit passes; null if no deadline of the context limits it
     */
    public record Awaited(
            String context,
            String saga,
            String step,
            List<String> events,
            @Nullable Instant deadline,
            boolean overdue) {

        public Awaited {
            events = List.copyOf(events);
        }
    }
}
