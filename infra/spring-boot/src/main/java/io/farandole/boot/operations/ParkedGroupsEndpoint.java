package io.farandole.boot.operations;

import io.farandole.axon.FailureGroup;
import io.farandole.axon.ParkedProcesses;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** {@code GET /actuator/parkedgroups}: what failed in the same way, the largest group first. */
@WebEndpoint(id = ParkedGroupsEndpoint.ID)
class ParkedGroupsEndpoint {

    static final String ID = "parkedgroups";

    private static final int DEFAULT_LIMIT = 100;
    private static final int LARGEST = 1_000;

    private final ParkedProcesses parked;

    ParkedGroupsEndpoint(ParkedProcesses parked) {
        this.parked = parked;
    }

    /** What is answered. */
    record Groups(List<FailureGroup> groups) implements OperationResponseBody {}

    @ReadOperation
    public WebEndpointResponse<Object> groups(
            SecurityContext security, @Nullable String processor, @Nullable String limit) {
        return SignedIn.run(
                security,
                person -> new WebEndpointResponse<>(new Groups(parked.groups(
                        Input.optional(processor), Input.number("limit", limit, DEFAULT_LIMIT, 1, LARGEST)))));
    }
}
