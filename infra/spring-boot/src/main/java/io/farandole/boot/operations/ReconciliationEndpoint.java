package io.farandole.boot.operations;

import io.farandole.audit.reconcile.ExchangeOverview;
import io.farandole.audit.reconcile.ExchangedEvent;
import io.farandole.audit.reconcile.Exchanges;
import io.farandole.audit.reconcile.Overtaken;
import io.farandole.audit.reconcile.RangeDigest;
import io.farandole.audit.reconcile.TypeFrom;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.http.HttpStatus;

/**
 * What this context says of the exchange with others, for a comparison with what they say. {@code GET /actuator/reconciliation}: how far it
 * has come; {@code .../position?at=}: the first position of a time; {@code .../digests}: digests of ranges of positions; {@code .../events}: the
 * events of a range, or those with some ids; {@code .../overtaken}: received events that are out of order. Without {@code source}, what it has
 * published; with it, what it has received from there. Tells ids, types and digests; no payloads.
 */
@WebEndpoint(id = ReconciliationEndpoint.ID)
class ReconciliationEndpoint {

    static final String ID = "reconciliation";

    private static final int MOST_IDS = 200;

    private final Exchanges exchanges;

    ReconciliationEndpoint(Exchanges exchanges) {
        this.exchanges = exchanges;
    }

    /** How far this context has come. */
    record Overview(ExchangeOverview exchange) implements OperationResponseBody {}

    /** The first position of a time. */
    record Position(long position) implements OperationResponseBody {}

    /** Ranges that have events. */
    record Digests(List<RangeDigest> ranges) implements OperationResponseBody {}

    /** Events. */
    record Events(List<ExchangedEvent> events) implements OperationResponseBody {}

    /** Events that are out of order. */
    record OutOfOrder(List<Overtaken> events) implements OperationResponseBody {}

    @ReadOperation
    public WebEndpointResponse<Object> overview(SecurityContext security) {
        return SignedIn.run(security, person -> new WebEndpointResponse<>(new Overview(exchanges.overview())));
    }

    @ReadOperation
    public WebEndpointResponse<Object> ask(
            SecurityContext security,
            @Selector String what,
            @Nullable String source,
            @Nullable String types,
            @Nullable String from,
            @Nullable String to,
            @Nullable String parts,
            @Nullable String ids,
            @Nullable String limit,
            @Nullable String at) {
        return SignedIn.run(security, person -> {
            String producer = Input.optional(source);
            int most = Input.number("limit", limit, Exchanges.MOST, 1, Exchanges.MOST);
            return switch (what) {
                case "position" -> new WebEndpointResponse<>(new Position(exchanges.positionAt(time("at", at))));
                case "digests" -> {
                    int divided = Input.number("parts", parts, 1, 1, Exchanges.MOST);
                    List<TypeFrom> counted = types(types);
                    long after = position("from", from);
                    long upTo = position("to", to);
                    yield new WebEndpointResponse<>(new Digests(Input.checked(
                            "from, to", () -> exchanges.digests(producer, counted, after, upTo, divided))));
                }
                case "events" ->
                    new WebEndpointResponse<>(new Events(
                            Input.optional(ids) == null
                                    ? exchanges.events(
                                            producer, types(types), position("from", from), position("to", to), most)
                                    : exchanges.events(producer, ids(ids))));
                case "overtaken" ->
                    new WebEndpointResponse<>(
                            new OutOfOrder(exchanges.overtaken(Input.required("source", producer), most)));
                default ->
                    Problem.of(
                                    HttpStatus.NOT_FOUND,
                                    "There is position, digests, events and overtaken to ask for, not " + what + ".")
                            .response();
            };
        });
    }

    private static List<TypeFrom> types(@Nullable String types) {
        String given = Input.required("types", types);
        return Input.checked("types", () -> TypeFrom.parse(given));
    }

    private static List<String> ids(@Nullable String ids) {
        List<String> given = List.of(Input.required("ids", ids).split(",", -1));
        if (given.size() > MOST_IDS) {
            throw new BadInputException("ids", "ids has " + given.size() + " ids, but " + MOST_IDS + " is the most.");
        }
        return given;
    }

    private static long position(String field, @Nullable String value) {
        String given = Input.required(field, value);
        if (!given.matches("\\d{1,18}")) {
            throw new BadInputException(field, field + " is a position: a whole number, 0 or more.");
        }
        return Long.parseLong(given);
    }

    private static Instant time(String field, @Nullable String value) {
        try {
            return Instant.parse(Input.required(field, value));
        } catch (DateTimeParseException e) {
            throw new BadInputException(field, field + " is a time such as 2026-03-01T10:00:00Z.");
        }
    }
}
