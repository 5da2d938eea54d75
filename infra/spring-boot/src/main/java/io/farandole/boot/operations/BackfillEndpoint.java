package io.farandole.boot.operations;

import io.farandole.audit.backfill.Backfill;
import io.farandole.audit.backfill.BackfillRefusedException;
import io.farandole.audit.backfill.BackfillRequest;
import io.farandole.audit.backfill.Backfills;
import io.farandole.boot.audit.Backfilling;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
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
 * History that is sent to one follower. {@code GET /actuator/backfill}: the latest; {@code POST}: send some; {@code GET .../{id}}: how far it has come;
 * {@code POST .../{id}/pause}, {@code resume}, {@code cancel}.
 */
@WebEndpoint(id = BackfillEndpoint.ID)
class BackfillEndpoint {

    static final String ID = "backfill";

    private static final int DEFAULT_LIMIT = 20;
    private static final int LARGEST = 1_000;
    private static final int LONGEST_REASON = 1_000;
    private static final int FASTEST = 1_000_000;

    private final Backfilling backfilling;

    BackfillEndpoint(Backfilling backfilling) {
        this.backfilling = backfilling;
    }

    /** What is answered to the question for several. */
    record Shown(List<Backfill> backfills) implements OperationResponseBody {}

    /** What is answered about one. */
    record One(Backfill backfill) implements OperationResponseBody {}

    @ReadOperation
    public WebEndpointResponse<Object> latest(SecurityContext security, @Nullable String limit) {
        return SignedIn.run(
                security,
                person -> new WebEndpointResponse<>(new Shown(
                        backfilling.backfills().latest(Input.number("limit", limit, DEFAULT_LIMIT, 1, LARGEST)))));
    }

    @ReadOperation
    public WebEndpointResponse<Object> progress(SecurityContext security, @Selector String id) {
        return SignedIn.run(
                security, person -> one(id, number -> backfilling.backfills().find(number)));
    }

    @WriteOperation
    public WebEndpointResponse<Object> start(
            SecurityContext security,
            @Nullable String follower,
            @Nullable String types,
            @Nullable String from,
            @Nullable String to,
            @Nullable String rate,
            @Nullable String reason) {
        return SignedIn.run(security, person -> {
            String whom = Input.required("follower", follower);
            String some = Input.optional(types);
            Integer limit = rate == null ? null : Input.number("rate", rate, 1, 1, FASTEST);
            BackfillRequest request = new BackfillRequest(
                    whom,
                    some == null ? List.of() : List.of(some.split(",", -1)),
                    time("from", from),
                    time("to", to),
                    limit,
                    person,
                    Input.reason(reason, LONGEST_REASON));
            return refusable(() -> {
                Backfilling.Started started = backfilling.start(request);
                Backfill begun = started.backfill();
                return begun == null
                        ? Problem.of(HttpStatus.CONFLICT, String.join(" ", started.missing()))
                                .response()
                        : new WebEndpointResponse<>(new One(begun));
            });
        });
    }

    @WriteOperation
    public WebEndpointResponse<Object> decide(
            SecurityContext security, @Selector String id, @Selector String action, @Nullable String reason) {
        return SignedIn.run(security, person -> {
            String why = Input.reason(reason, LONGEST_REASON);
            Backfills backfills = backfilling.backfills();
            return switch (action) {
                case "pause" -> one(id, number -> backfills.pause(number, person, why));
                case "resume" -> one(id, number -> backfills.resume(number, person, why));
                case "cancel" -> one(id, number -> backfills.cancel(number, person, why));
                default ->
                    Problem.of(
                                    HttpStatus.NOT_FOUND,
                                    "A backfill can be told to pause, resume or cancel; it has no other action.")
                            .response();
            };
        });
    }

    private static @Nullable Instant time(String field, @Nullable String value) {
        String given = Input.optional(value);
        if (given == null) {
            return null;
        }
        try {
            return Instant.parse(given);
        } catch (DateTimeParseException e) {
            throw new BadInputException(field, field + " is a time such as 2026-03-01T10:00:00Z.");
        }
    }

    private static WebEndpointResponse<Object> one(String id, Function<Long, Optional<Backfill>> operation) {
        return refusable(() -> number(id)
                .flatMap(operation)
                .<WebEndpointResponse<Object>>map(backfill -> new WebEndpointResponse<>(new One(backfill)))
                .orElseGet(() -> Problem.of(HttpStatus.NOT_FOUND, "There is no backfill " + id + ": list the latest.")
                        .response()));
    }

    private static Optional<Long> number(String id) {
        return id.matches("\\d{1,18}") ? Optional.of(Long.valueOf(id)) : Optional.empty();
    }

    private static WebEndpointResponse<Object> refusable(Supplier<WebEndpointResponse<Object>> operation) {
        try {
            return operation.get();
        } catch (BackfillRefusedException e) {
            return Problem.of(HttpStatus.CONFLICT, e.getMessage() + ".").response();
        }
    }
}
