package io.farandole.boot.operations;

import io.farandole.axon.Decision;
import io.farandole.axon.Intervention;
import io.farandole.axon.InterventionAnswer;
import io.farandole.axon.InterventionAnswer.Outcome;
import io.farandole.axon.ParkedDecision;
import io.farandole.axon.ParkedProcess;
import io.farandole.axon.ParkedProcesses;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.http.HttpStatus;

/**
 * {@code GET /actuator/parkedprocess}: one process, what was decided about it and what has become of that. {@code POST}: a decision. Keys
 * are parameters and fields, never parts of the path, for they may hold any character.
 */
@WebEndpoint(id = ParkedProcessEndpoint.ID)
class ParkedProcessEndpoint {

    static final String ID = "parkedprocess";

    private final ParkedProcesses parked;

    ParkedProcessEndpoint(ParkedProcesses parked) {
        this.parked = parked;
    }

    /**
     * What is answered.
     *
     * @param sentence how things are with it
     * @param process null if it is not set aside any more
     * @param decisions about it, newest first
     * @param stackTrace of its latest failure, if it was asked for
     */
    record Shown(
            String sentence,
            @Nullable ParkedProcess process,
            List<ParkedDecision> decisions,
            @Nullable String stackTrace)
            implements OperationResponseBody {}

    /** What is answered to a decision that stands. */
    record Decided(Outcome outcome, @Nullable String decisionId, String sentence) implements OperationResponseBody {}

    @ReadOperation
    public WebEndpointResponse<Object> show(
            SecurityContext security, @Nullable String processor, @Nullable String key, @Nullable String stackTrace) {
        return SignedIn.run(security, person -> {
            String inProcessor = Input.required("processor", processor);
            String processKey = Input.required("key", key);
            boolean withTrace = Input.flag("stackTrace", stackTrace);
            // The process last: what the decisions do not tell yet may have happened to it, but never the other way
            // round.
            List<ParkedDecision> decisions = parked.decisions(inProcessor, processKey);
            String trace =
                    withTrace ? parked.stackTrace(inProcessor, processKey).orElse(null) : null;
            ParkedProcess process = parked.find(inProcessor, processKey).orElse(null);
            if (process == null && decisions.isEmpty()) {
                return Problem.of(
                                HttpStatus.NOT_FOUND,
                                "Process " + processKey + " is not set aside in processor " + inProcessor
                                        + ", and nobody has decided about it there: check both names.")
                        .response();
            }
            return new WebEndpointResponse<>(
                    new Shown(ProcessState.sentence(process, decisions), process, decisions, trace));
        });
    }

    @WriteOperation
    public WebEndpointResponse<Object> intervene(
            SecurityContext security,
            @Nullable String processor,
            @Nullable String key,
            @Nullable String failedEventId,
            @Nullable String decision,
            @Nullable String reason) {
        return SignedIn.run(security, person -> {
            String inProcessor = Input.required("processor", processor);
            String processKey = Input.required("key", key);
            String eventId = Input.required("failedEventId", failedEventId);
            Decision decided = Input.choice("decision", Input.required("decision", decision), Decision.class);
            String why = Input.reason(reason, Intervention.LONGEST_REASON);
            Intervention intervention = Input.checked(
                    "reason", () -> new Intervention(inProcessor, processKey, eventId, decided, person, why));
            return answer(parked.intervene(intervention));
        });
    }

    private static WebEndpointResponse<Object> answer(InterventionAnswer answer) {
        if (answer.stands()) {
            return new WebEndpointResponse<>(new Decided(answer.outcome(), answer.decisionId(), answer.sentence()));
        }
        return new Problem(status(answer.outcome()), answer.sentence(), "outcome", answer.outcome()).response();
    }

    private static HttpStatus status(Outcome refusal) {
        return switch (refusal) {
            case NOT_SET_ASIDE -> HttpStatus.NOT_FOUND;
            case MOVED_ON, IN_FLIGHT -> HttpStatus.CONFLICT;
            case NOT_COMPENSABLE -> HttpStatus.UNPROCESSABLE_CONTENT;
            case ACCEPTED, ALREADY_REQUESTED -> HttpStatus.OK;
        };
    }
}
