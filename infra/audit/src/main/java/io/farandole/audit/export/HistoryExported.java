package io.farandole.audit.export;

import io.farandole.messaging.EventTypes;
import java.time.Instant;
import java.util.List;

/**
 * A person had the history of processes handed out: an own, private event of the journal, appended before the first byte is. It
 * belongs to a process of its own, the export's, so that it changes nothing in the history that it is about.
 *
 * @param exportId the same in all contexts that were asked
 * @param processes whose events
 * @param masked whether the fields that are to be masked were
 * @param by who asked
 * @param reason why
 * @param at when
 */
public record HistoryExported(
        String exportId, List<String> processes, boolean masked, String by, String reason, Instant at) {

    /** The registration of this event, which every context merges into its own. */
    public static final EventTypes TYPES = EventTypes.builder()
            .event("farandole.history-exported", 1, HistoryExported.class, HistoryExported::exportId)
            .build();

    public HistoryExported {
        processes = List.copyOf(processes);
    }

    /** Without who and why. */
    @Override
    public String toString() {
        return "HistoryExported[" + exportId + ", " + processes.size() + " processes, "
                + (masked ? "masked" : "not masked") + "]";
    }
}
