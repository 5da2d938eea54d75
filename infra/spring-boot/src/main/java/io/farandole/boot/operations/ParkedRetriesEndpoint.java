package io.farandole.boot.operations;

import io.farandole.axon.GroupRetry;
import io.farandole.axon.GroupRetryRequest;
import io.farandole.axon.Intervention;
import io.farandole.axon.ParkedProcesses;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.http.HttpStatus;

/**
 * Retries of whole groups. {@code GET /actuator/parkedretries}: the latest; {@code POST}: start one; {@code GET .../{id}}: how far it
 * has come; {@code POST .../{id}/cancel}: stop it.
 */
@WebEndpoint(id = ParkedRetriesEndpoint.ID)
class ParkedRetriesEndpoint {

    static final String ID = "parkedretries";

    private static final String CANCEL = "cancel";
    private static final int DEFAULT_LIMIT = 20;
    private static final int DEFAULT_RATE = 10;
    private static final int LARGEST = 1_000;

    private final ParkedProcesses parked;

    ParkedRetriesEndpoint(ParkedProcesses parked) {
        this.parked = parked;
    }

    /** What is answered to the question for several. */
    record Retries(List<GroupRetry> retries) implements OperationResponseBody {}

    /** What is answered about one. */
    record Retry(GroupRetry retry) implements OperationResponseBody {}

    @ReadOperation
    public WebEndpointResponse<Object> latest(SecurityContext security, @Nullable String limit) {
        return SignedIn.run(
                security,
                person -> new WebEndpointResponse<>(
                        new Retries(parked.groupRetries(Input.number("limit", limit, DEFAULT_LIMIT, 1, LARGEST)))));
    }

    @ReadOperation
    public WebEndpointResponse<Object> progress(SecurityContext security, @Selector String id) {
        return SignedIn.run(security, person -> one(id, parked.groupRetry(id)));
    }

    @WriteOperation
    public WebEndpointResponse<Object> start(
            SecurityContext security,
            @Nullable String processor,
            @Nullable String fingerprint,
            @Nullable String most,
            @Nullable String perSecond,
            @Nullable String reason) {
        return SignedIn.run(security, person -> {
            String inProcessor = Input.optional(processor);
            String failure = Input.optional(fingerprint);
            if (inProcessor == null && failure == null) {
                throw new BadInputException("processor", "Name the group: its processor, its fingerprint, or both.");
            }
            int atMost = Input.number("most", most, Integer.MAX_VALUE, 1, Integer.MAX_VALUE);
            int rate = Input.number("perSecond", perSecond, DEFAULT_RATE, 1, LARGEST);
            String why = Input.reason(reason, Intervention.LONGEST_REASON);
            GroupRetryRequest request = Input.checked(
                    "reason", () -> new GroupRetryRequest(inProcessor, failure, atMost, rate, person, why));
            return new WebEndpointResponse<>(new Retry(parked.retryGroup(request)));
        });
    }

    @WriteOperation
    public WebEndpointResponse<Object> cancel(
            SecurityContext security, @Selector String id, @Selector String action, @Nullable String reason) {
        return SignedIn.run(security, person -> {
            if (!action.equals(CANCEL)) {
                return Problem.of(HttpStatus.NOT_FOUND, "A group retry can be cancelled; it has no other action.")
                        .response();
            }
            String why = Input.reason(reason, Intervention.LONGEST_REASON);
            return one(id, Input.checked("reason", () -> parked.cancelGroupRetry(id, person, why)));
        });
    }

    private static WebEndpointResponse<Object> one(String id, Optional<GroupRetry> found) {
        return found.<WebEndpointResponse<Object>>map(retry -> new WebEndpointResponse<>(new Retry(retry)))
                .orElseGet(
                        () -> Problem.of(HttpStatus.NOT_FOUND, "There is no group retry " + id + ": list the latest.")
                                .response());
    }
}
