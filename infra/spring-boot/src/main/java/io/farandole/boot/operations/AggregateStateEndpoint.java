package io.farandole.boot.operations;

import io.farandole.audit.state.AggregateHistory;
import io.farandole.audit.state.AggregateState;
import io.farandole.audit.state.Point;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** {@code GET /actuator/aggregatestate}: what an aggregate looked like after its last event, a given one, or at a time. */
@WebEndpoint(id = AggregateStateEndpoint.ID)
class AggregateStateEndpoint {

    static final String ID = "aggregatestate";

    private final AggregateHistory history;

    AggregateStateEndpoint(AggregateHistory history) {
        this.history = history;
    }

    /** What is answered. */
    record Shown(AggregateState aggregate) implements OperationResponseBody {}

    @ReadOperation
    public WebEndpointResponse<Object> state(
            SecurityContext security, @Nullable String id, @Nullable String sequence, @Nullable String at) {
        return SignedIn.run(security, person -> {
            String aggregateId = Input.required("id", id);
            Point point = point(Input.optional(sequence), Input.optional(at));
            return Past.answer(() -> new Shown(history.at(aggregateId, point)));
        });
    }

    private static Point point(@Nullable String sequence, @Nullable String at) {
        if (sequence != null && at != null) {
            throw new BadInputException("at", "Give a sequence or a time, not both.");
        }
        if (sequence != null) {
            return new Point.Sequence(Input.number("sequence", sequence, 0, 0, Integer.MAX_VALUE));
        }
        return at == null ? Point.LAST : Past.time("at", at);
    }
}
