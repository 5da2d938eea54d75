package io.farandole.boot.operations;

import io.farandole.audit.state.AggregateHistory;
import io.farandole.audit.state.AggregateVersion;
import io.farandole.audit.state.AggregateVersions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** {@code GET /actuator/aggregateversions}: the versions of an aggregate and the events that led to them, a page at a time. */
@WebEndpoint(id = AggregateVersionsEndpoint.ID)
class AggregateVersionsEndpoint {

    static final String ID = "aggregateversions";

    private static final int USUAL_PAGE = 100;
    private static final int LARGEST_PAGE = 1_000;

    private final AggregateHistory history;

    AggregateVersionsEndpoint(AggregateHistory history) {
        this.history = history;
    }

    /** What is answered. */
    record Page(
            String aggregateId, @Nullable String aggregateType, List<AggregateVersion> versions, @Nullable Long next)
            implements OperationResponseBody {

        static Page of(AggregateVersions page) {
            return new Page(page.aggregateId(), page.aggregateType(), page.versions(), page.next());
        }
    }

    @ReadOperation
    public WebEndpointResponse<Object> versions(
            SecurityContext security, @Nullable String id, @Nullable String from, @Nullable String limit) {
        return SignedIn.run(security, person -> {
            String aggregateId = Input.required("id", id);
            int first = Input.number("from", Input.optional(from), 0, 0, Integer.MAX_VALUE);
            int most = Input.number("limit", Input.optional(limit), USUAL_PAGE, 1, LARGEST_PAGE);
            return Past.answer(() -> Page.of(history.versions(aggregateId, first, most)));
        });
    }
}
