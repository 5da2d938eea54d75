package io.farandole.boot.operations;

import io.farandole.audit.rebuild.Limit;
import io.farandole.audit.rebuild.ReadModel;
import io.farandole.audit.rebuild.Rebuild;
import io.farandole.audit.rebuild.RebuildRequest;
import io.farandole.audit.rebuild.RebuildRequest.Purpose;
import io.farandole.audit.rebuild.Rebuilds;
import io.farandole.audit.rebuild.RefusedException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
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
 * Rebuilds and comparisons of read models. {@code GET /actuator/rebuild}: the latest, and what can be rebuilt; {@code POST}: start one;
 * {@code GET .../{id}}: how far it has come; {@code POST .../{id}/pause}, {@code resume}, {@code cancel}.
 */
@WebEndpoint(id = RebuildEndpoint.ID)
class RebuildEndpoint {

    static final String ID = "rebuild";

    private static final int DEFAULT_LIMIT = 20;
    private static final int LARGEST = 1_000;
    private static final int LONGEST_REASON = 1_000;

    private final Rebuilds rebuilds;

    RebuildEndpoint(Rebuilds rebuilds) {
        this.rebuilds = rebuilds;
    }

    /** What is answered to the question for several. */
    record Shown(List<String> readModels, List<Rebuild> rebuilds) implements OperationResponseBody {}

    /** What is answered about one. */
    record One(Rebuild rebuild) implements OperationResponseBody {}

    @ReadOperation
    public WebEndpointResponse<Object> latest(SecurityContext security, @Nullable String limit) {
        return SignedIn.run(
                security,
                person -> new WebEndpointResponse<>(new Shown(
                        rebuilds.readModels().stream()
                                .map(ReadModel::group)
                                .sorted()
                                .toList(),
                        rebuilds.latest(Input.number("limit", limit, DEFAULT_LIMIT, 1, LARGEST)))));
    }

    @ReadOperation
    public WebEndpointResponse<Object> progress(SecurityContext security, @Selector String id) {
        return SignedIn.run(security, person -> one(id, rebuilds::find));
    }

    @WriteOperation
    public WebEndpointResponse<Object> start(
            SecurityContext security,
            @Nullable String readModel,
            @Nullable String purpose,
            @Nullable String key,
            @Nullable String type,
            @Nullable String from,
            @Nullable String to,
            @Nullable String threads,
            @Nullable String reason) {
        return SignedIn.run(security, person -> {
            String group = Input.required("readModel", readModel);
            Purpose what = Input.choice("purpose", Input.required("purpose", purpose), Purpose.class);
            Instant since = time("from", from);
            Instant until = time("to", to);
            Limit limit =
                    Input.checked("limit", () -> new Limit(Input.optional(key), Input.optional(type), since, until));
            int parts = Input.number("threads", threads, 1, 1, RebuildRequest.MOST_THREADS);
            String why = Input.reason(reason, LONGEST_REASON);
            return refusable(() -> new WebEndpointResponse<>(
                    new One(rebuilds.start(new RebuildRequest(group, what, limit, parts, person, why)))));
        });
    }

    @WriteOperation
    public WebEndpointResponse<Object> decide(
            SecurityContext security, @Selector String id, @Selector String action, @Nullable String reason) {
        return SignedIn.run(security, person -> {
            String why = Input.reason(reason, LONGEST_REASON);
            return switch (action) {
                case "pause" -> one(id, number -> rebuilds.pause(number, person, why));
                case "resume" -> one(id, number -> rebuilds.resume(number, person, why));
                case "cancel" -> one(id, number -> rebuilds.cancel(number, person, why));
                default ->
                    Problem.of(
                                    HttpStatus.NOT_FOUND,
                                    "A rebuild can be told to pause, resume or cancel; it has no other action.")
                            .response();
            };
        });
    }

    private static @Nullable Instant time(String field, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            return null;
        }
        try {
            return Instant.parse(value);
        } catch (DateTimeParseException e) {
            throw new BadInputException(field, field + " is a time such as 2026-11-01T00:00:00Z.");
        }
    }

    private static WebEndpointResponse<Object> one(String id, Function<Long, Optional<Rebuild>> operation) {
        return refusable(() -> number(id)
                .flatMap(operation)
                .<WebEndpointResponse<Object>>map(rebuild -> new WebEndpointResponse<>(new One(rebuild)))
                .orElseGet(() -> Problem.of(HttpStatus.NOT_FOUND, "There is no rebuild " + id + ": list the latest.")
                        .response()));
    }

    private static Optional<Long> number(String id) {
        return id.matches("\\d{1,18}") ? Optional.of(Long.valueOf(id)) : Optional.empty();
    }

    private static WebEndpointResponse<Object> refusable(
            java.util.function.Supplier<WebEndpointResponse<Object>> operation) {
        try {
            return operation.get();
        } catch (RefusedException e) {
            return Problem.of(HttpStatus.CONFLICT, e.getMessage() + ".").response();
        }
    }
}
