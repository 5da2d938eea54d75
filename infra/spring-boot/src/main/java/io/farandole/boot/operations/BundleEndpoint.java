package io.farandole.boot.operations;

import io.farandole.audit.export.ExportRefusedException;
import io.farandole.audit.export.ExportRequest;
import io.farandole.audit.export.HistoryExports;
import io.farandole.audit.export.SubjectProcesses;
import io.farandole.messaging.CodecException;
import io.farandole.messaging.JsonCodec;
import io.farandole.verifier.Hash;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.HttpStatus;
import org.springframework.util.MimeType;

/**
 * {@code POST /actuator/bundle}: this context's part of a bundle, as lines of text that are told while they are read; the last one
 * begins with {@code end}. {@code POST /actuator/bundle/close}: the signature over a bundle's manifest. {@code GET
 * /actuator/bundle?kind=customer&subject=c-7}: the processes of a subject, where this context knows that kind.
 */
@WebEndpoint(id = BundleEndpoint.ID)
class BundleEndpoint {

    static final String ID = "bundle";

    private static final int LONGEST_REASON = 1000;
    private static final MimeType LINES = MimeType.valueOf("text/plain;charset=UTF-8");

    private final HistoryExports exports;
    private final Map<String, SubjectProcesses> subjects;
    private final JsonCodec codec;

    BundleEndpoint(HistoryExports exports, List<SubjectProcesses> subjects, JsonCodec codec) {
        this.exports = exports;
        this.codec = codec;
        this.subjects = subjects.stream().collect(Collectors.toMap(SubjectProcesses::kind, Function.identity()));
    }

    /** The processes of a subject. */
    record Processes(String kind, List<String> processes) implements OperationResponseBody {}

    /** A signature as a file. */
    record Closed(String signature) implements OperationResponseBody {}

    @ReadOperation
    public WebEndpointResponse<Object> processes(
            SecurityContext security, @Nullable String kind, @Nullable String subject) {
        return SignedIn.run(security, person -> {
            String asked = Input.required("kind", kind);
            String id = Input.required("subject", subject);
            SubjectProcesses known = subjects.get(asked);
            if (known == null) {
                return new Problem(
                                HttpStatus.NOT_FOUND,
                                "This context knows no processes of a " + asked + "; it knows those of: "
                                        + (subjects.isEmpty() ? "nothing" : String.join(", ", subjects.keySet())) + ".",
                                "outcome",
                                "UNKNOWN_KIND")
                        .response();
            }
            return new WebEndpointResponse<>(
                    new Processes(asked, known.processesOf(id, ExportRequest.MOST_PROCESSES + 1)));
        });
    }

    @WriteOperation
    public WebEndpointResponse<Object> part(
            SecurityContext security,
            @Nullable String export,
            @Nullable String processes,
            @Nullable String contexts,
            @Nullable String unmasked,
            @Nullable String reason) {
        return SignedIn.run(security, person -> {
            String id = id(export);
            boolean masked = !Input.flag("unmasked", unmasked);
            String why = Input.reason(reason, LONGEST_REASON);
            List<String> keys = texts("processes", processes);
            List<String> asked = texts("contexts", contexts);
            ExportRequest request =
                    Input.checked("processes", () -> new ExportRequest(id, keys, asked, masked, person, why));
            return refusable(() -> new WebEndpointResponse<>(
                    new InputStreamResource(exports.part(request)), HttpStatus.OK.value(), LINES));
        });
    }

    @WriteOperation
    public WebEndpointResponse<Object> close(
            SecurityContext security, @Selector String action, @Nullable String export, @Nullable String sha256) {
        return SignedIn.run(security, person -> {
            if (!action.equals("close")) {
                return Problem.of(HttpStatus.NOT_FOUND, "A bundle can be closed; there is no other action.")
                        .response();
            }
            String id = id(export);
            Hash hash = Input.checked("sha256", () -> Hash.parse(Input.required("sha256", sha256)));
            return refusable(() -> new WebEndpointResponse<>(
                    new Closed(exports.close(id, person, hash).text())));
        });
    }

    private static String id(@Nullable String export) {
        String given = Input.required("export", export);
        return Input.checked("export", () -> UUID.fromString(given).toString());
    }

    /** Actuator takes texts and numbers only, so a list is a text in JSON. */
    private List<String> texts(String field, @Nullable String given) {
        try {
            return List.of(codec.read(Input.required(field, given), String[].class));
        } catch (CodecException | NullPointerException e) {
            throw new BadInputException(field, field + " is a text that holds a JSON array of texts.");
        }
    }

    private static WebEndpointResponse<Object> refusable(Supplier<WebEndpointResponse<Object>> operation) {
        try {
            return operation.get();
        } catch (ExportRefusedException e) {
            return Problem.of(HttpStatus.CONFLICT, e.getMessage() + ".").response();
        }
    }
}
