package io.farandole.boot.status;

import io.farandole.saga.status.ProcessStatus;
import io.farandole.saga.status.ProcessStatuses;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * {@code GET /actuator/process?key=...}: where a process stands in this context. Other contexts ask it; not exposed unless {@code
 * management.endpoints.web.exposure.include} names it. A process that this context does not know has an answer with empty
 * lists. Tells no payloads, error messages or state.
 */
@Endpoint(id = "process")
public class ProcessEndpoint {

    private final ProcessStatuses statuses;

    ProcessEndpoint(ProcessStatuses statuses) {
        this.statuses = statuses;
    }

    /** Where the process of that key stands. */
    @ReadOperation
    public ProcessStatus process(String key) {
        return statuses.of(key);
    }
}
