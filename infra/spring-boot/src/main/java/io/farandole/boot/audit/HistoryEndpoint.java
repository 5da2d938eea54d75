package io.farandole.boot.audit;

import io.farandole.audit.timeline.ProcessHistories;
import io.farandole.audit.timeline.ProcessHistory;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * {@code GET /actuator/history?key=...}: what this context's journal holds of a process. Other contexts ask it; not exposed unless {@code
 * management.endpoints.web.exposure.include} names it. A process that this context does not know has an answer without events.
 * Tells types, times and ids; no payloads.
 */
@Endpoint(id = "history")
public class HistoryEndpoint {

    private final ProcessHistories histories;

    HistoryEndpoint(ProcessHistories histories) {
        this.histories = histories;
    }

    /** The history of the process of that key. */
    @ReadOperation
    public ProcessHistory history(String key) {
        return histories.of(key);
    }
}
