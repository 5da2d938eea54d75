package io.farandole.boot.operations;

import io.farandole.axon.ParkedPage;
import io.farandole.axon.ParkedProcess;
import io.farandole.axon.ParkedProcesses;
import io.farandole.axon.ParkedQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** {@code GET /actuator/parked}: the processes that are set aside, a page at a time, oldest first. */
@WebEndpoint(id = ParkedEndpoint.ID)
class ParkedEndpoint {

    static final String ID = "parked";

    private final ParkedProcesses parked;

    ParkedEndpoint(ParkedProcesses parked) {
        this.parked = parked;
    }

    /** What is answered. */
    record Page(List<ParkedProcess> processes, @Nullable String next) implements OperationResponseBody {}

    @ReadOperation
    public WebEndpointResponse<Object> list(
            SecurityContext security,
            @Nullable String processor,
            @Nullable String status,
            @Nullable String minimumAge,
            @Nullable String fingerprint,
            @Nullable String after,
            @Nullable String limit) {
        return SignedIn.run(security, person -> {
            String wanted = Input.optional(status);
            ParkedQuery query = ParkedQuery.ALL
                    .withProcessor(Input.optional(processor))
                    .withStatus(wanted == null ? null : Input.choice("status", wanted, ParkedProcess.Status.class))
                    .withMinimumAge(Input.duration("minimumAge", minimumAge))
                    .withFingerprint(Input.optional(fingerprint))
                    .withAfter(Input.optional(after))
                    .withLimit(Input.number("limit", limit, ParkedQuery.ALL.limit(), 1, ParkedQuery.LARGEST_PAGE));
            ParkedPage page = Input.checked("after", () -> parked.list(query));
            return new WebEndpointResponse<>(new Page(page.processes(), page.next()));
        });
    }
}
