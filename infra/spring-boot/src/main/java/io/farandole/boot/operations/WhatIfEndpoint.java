package io.farandole.boot.operations;

import io.farandole.audit.state.Point;
import io.farandole.audit.whatif.Action;
import io.farandole.audit.whatif.LiveSagas;
import io.farandole.audit.whatif.ProcessDifference;
import io.farandole.audit.whatif.SagaVersion;
import io.farandole.audit.whatif.Selection;
import io.farandole.audit.whatif.WhatIf;
import io.farandole.audit.whatif.WhatIfReport;
import io.farandole.boot.audit.DeployedSagas;
import io.farandole.boot.audit.WhatIfProperties;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.http.HttpStatus;

/**
 * {@code GET /actuator/whatif}: what the deployed version of a saga would have done with the recorded history, compared with what the journal
 * shows. One at a time, for it takes a connection and a thread for as long as it takes.
 */
@WebEndpoint(id = WhatIfEndpoint.ID)
class WhatIfEndpoint {

    static final String ID = "whatif";

    private static final int MOST_DIFFERENCES = 100;

    private final WhatIf whatIf;
    private final LiveSagas live;
    private final DeployedSagas sagas;
    private final WhatIfProperties properties;
    private final Semaphore one = new Semaphore(1);

    WhatIfEndpoint(WhatIf whatIf, LiveSagas live, DeployedSagas sagas, WhatIfProperties properties) {
        this.whatIf = whatIf;
        this.live = live;
        this.sagas = sagas;
        this.properties = properties;
    }

    /** What is answered. */
    record Answer(
            String saga,
            String before,
            String now,
            long processes,
            long events,
            Map<Action.Kind, Long> actions,
            long differing,
            List<ProcessDifference> differences,
            List<String> notes,
            @Nullable Instant goneTo)
            implements OperationResponseBody {

        static Answer of(WhatIfReport report) {
            return new Answer(
                    report.saga(),
                    report.before(),
                    report.now(),
                    report.processes(),
                    report.events(),
                    report.actions(),
                    report.differing(),
                    report.differences(),
                    report.notes(),
                    report.goneTo());
        }
    }

    @ReadOperation
    public WebEndpointResponse<Object> whatIf(
            SecurityContext security,
            @Nullable String saga,
            @Nullable String from,
            @Nullable String to,
            @Nullable String key,
            @Nullable String limit) {
        return SignedIn.run(security, person -> {
            SagaVersion<?> version = Input.checked("saga", () -> sagas.version(Input.required("saga", saga)));
            Selection selection = selection(
                    time("from", from),
                    time("to", to),
                    Input.optional(key),
                    Input.number(
                            "limit", Input.optional(limit), properties.mostProcesses(), 1, properties.mostProcesses()));
            if (!one.tryAcquire()) {
                return Problem.of(
                                HttpStatus.TOO_MANY_REQUESTS,
                                "Another replay is under way in this instance: try again when it has ended.")
                        .response();
            }
            try {
                return Past.answer(() -> Answer.of(whatIf.compareWithJournal(version, selection, live)));
            } finally {
                one.release();
            }
        });
    }

    private Selection selection(@Nullable Instant from, @Nullable Instant to, @Nullable String key, int most) {
        return Input.checked("to", () -> Selection.ALL
                .between(from, to)
                .of(key == null ? Set.of() : Set.of(key))
                .atMost(most, MOST_DIFFERENCES, properties.within()));
    }

    private static @Nullable Instant time(String field, @Nullable String text) {
        String given = Input.optional(text);
        if (given == null) {
            return null;
        }
        Point.Time point = Past.time(field, given);
        return point.time();
    }
}
