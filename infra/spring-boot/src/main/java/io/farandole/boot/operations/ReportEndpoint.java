package io.farandole.boot.operations;

import io.farandole.audit.report.EndGroup;
import io.farandole.audit.report.Period;
import io.farandole.audit.report.ProcessReports;
import io.farandole.audit.report.SlowProcess;
import io.farandole.audit.report.Stretch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * {@code GET /actuator/report?kind=ends|slow|time}: figures over the processes of a period, of this context's journal; by default the last day.
 */
@WebEndpoint(id = ReportEndpoint.ID)
class ReportEndpoint {

    static final String ID = "report";

    private static final int ORDINARY_LENGTH = 20;
    private static final Duration ORDINARY_PERIOD = Duration.ofDays(1);

    private final ProcessReports reports;
    private final Clock clock;

    ReportEndpoint(ProcessReports reports, Clock clock) {
        this.reports = reports;
        this.clock = clock;
    }

    /** What is asked. */
    enum Kind {
        ENDS,
        SLOW,
        TIME
    }

    /** How processes ended. */
    record Ends(Period period, List<EndGroup> groups) implements OperationResponseBody {}

    /** Which took long. */
    record Slow(Period period, List<SlowProcess> processes) implements OperationResponseBody {}

    /** Where their time went. */
    record Time(Period period, List<Stretch> stretches) implements OperationResponseBody {}

    @ReadOperation
    public WebEndpointResponse<Object> report(
            SecurityContext security,
            @Nullable String kind,
            @Nullable String from,
            @Nullable String to,
            @Nullable String type,
            @Nullable String field,
            @Nullable String longerThan,
            @Nullable String limit) {
        return SignedIn.run(security, person -> {
            Kind asked = Input.choice("kind", Input.required("kind", kind), Kind.class);
            Instant end = time("to", to, clock.instant());
            Instant begin = time("from", from, end.minus(ORDINARY_PERIOD));
            Period period = Input.checked("from", () -> new Period(begin, end));
            int length = Input.number("limit", limit, ORDINARY_LENGTH, 1, ProcessReports.MOST);
            return switch (asked) {
                case ENDS -> {
                    String wantedType = Input.required("type", type);
                    String wantedField = Input.required("field", field);
                    yield new WebEndpointResponse<>(new Ends(
                            period,
                            Input.checked("field", () -> reports.endsBy(wantedType, wantedField, period, length))));
                }
                case SLOW -> {
                    Duration least = Input.duration("longerThan", Input.required("longerThan", longerThan));
                    yield new WebEndpointResponse<>(new Slow(period, reports.slow(period, least, length)));
                }
                case TIME -> new WebEndpointResponse<>(new Time(period, reports.stretches(period, length)));
            };
        });
    }

    private static Instant time(String field, @Nullable String value, Instant byDefault) {
        String given = Input.optional(value);
        if (given == null) {
            return byDefault;
        }
        try {
            return Instant.parse(given);
        } catch (DateTimeParseException e) {
            throw new BadInputException(field, field + " is a time such as 2026-03-01T10:00:00Z.");
        }
    }
}
