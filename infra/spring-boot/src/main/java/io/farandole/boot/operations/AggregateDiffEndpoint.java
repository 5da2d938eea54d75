package io.farandole.boot.operations;

import io.farandole.audit.state.AggregateDifference;
import io.farandole.audit.state.AggregateHistory;
import io.farandole.audit.state.Point;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** {@code GET /actuator/aggregatediff}: what has changed in an aggregate between two points, sequences or times, field by field. */
@WebEndpoint(id = AggregateDiffEndpoint.ID)
class AggregateDiffEndpoint {

    static final String ID = "aggregatediff";

    private final AggregateHistory history;

    AggregateDiffEndpoint(AggregateHistory history) {
        this.history = history;
    }

    /** What is answered. */
    record Shown(AggregateDifference difference) implements OperationResponseBody {}

    @ReadOperation
    public WebEndpointResponse<Object> diff(
            SecurityContext security, @Nullable String id, @Nullable String from, @Nullable String to) {
        return SignedIn.run(security, person -> {
            String aggregateId = Input.required("id", id);
            Point first = Input.checked("from", () -> Point.parse(Input.required("from", from)));
            String end = Input.optional(to);
            Point second = end == null ? Point.LAST : Input.checked("to", () -> Point.parse(end));
            return Past.answer(() -> new Shown(history.between(aggregateId, first, second)));
        });
    }
}
