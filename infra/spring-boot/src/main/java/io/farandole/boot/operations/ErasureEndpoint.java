package io.farandole.boot.operations;

import io.farandole.audit.personal.Erasures;
import io.farandole.messaging.PersonalDataException;
import java.util.List;
import java.util.stream.Collectors;
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
 * {@code GET /actuator/erasure}: what keys this context has of a person. {@code POST}: destroy them. {@code POST .../rotate}: wrap all
 * keys by the current master key.
 */
@WebEndpoint(id = ErasureEndpoint.ID)
class ErasureEndpoint {

    static final String ID = "erasure";

    private static final String ROTATE = "rotate";
    private static final int LONGEST_PERSON = 200;
    private static final int LONGEST_REASON = 1_000;

    private final Erasures erasures;

    ErasureEndpoint(Erasures erasures) {
        this.erasures = erasures;
    }

    /** What is answered to the question what there is. */
    record Shown(int keys, List<String> scopes) implements OperationResponseBody {}

    /** What is answered to an erasure. */
    record Erased(String erasureId, int keys, List<String> scopes) implements OperationResponseBody {}

    /** What is answered to a rotation. */
    record Rotated(long keys) implements OperationResponseBody {}

    @ReadOperation
    public WebEndpointResponse<Object> show(SecurityContext security, @Nullable String person) {
        return SignedIn.run(security, operator -> {
            List<String> scopes = erasures.scopesOf(checked(person));
            return new WebEndpointResponse<>(new Shown(scopes.size(), scopes));
        });
    }

    @WriteOperation
    public WebEndpointResponse<Object> erase(
            SecurityContext security, @Nullable String person, @Nullable String reason) {
        return SignedIn.run(security, operator -> {
            String whom = checked(person);
            String why = Input.reason(reason, LONGEST_REASON);
            if (why.contains(whom)) {
                throw new BadInputException(
                        "reason", "reason names the person, and it stays in the journal: say why without that.");
            }
            return erasures.erase(whom, operator, why)
                    .<WebEndpointResponse<Object>>map(erased -> new WebEndpointResponse<>(new Erased(
                            erased.erasureId(),
                            erased.keys().size(),
                            erased.keys().stream()
                                    .map(key -> key.scope())
                                    .sorted()
                                    .collect(Collectors.toList()))))
                    .orElseGet(() -> new Problem(
                                    HttpStatus.NOT_FOUND,
                                    "This context has no key of that person: either nothing was sealed, or it was erased already.",
                                    "outcome",
                                    "NO_KEYS")
                            .response());
        });
    }

    @WriteOperation
    public WebEndpointResponse<Object> rotate(SecurityContext security, @Selector String action) {
        return SignedIn.run(security, operator -> {
            if (!action.equals(ROTATE)) {
                return Problem.of(HttpStatus.NOT_FOUND, "Keys can be told to rotate; there is no other action.")
                        .response();
            }
            try {
                return new WebEndpointResponse<>(new Rotated(erasures.rotate()));
            } catch (PersonalDataException e) {
                return Problem.of(HttpStatus.CONFLICT, e.getMessage() + ".").response();
            }
        });
    }

    private static String checked(@Nullable String person) {
        String whom = Input.required("person", person);
        if (whom.length() > LONGEST_PERSON || whom.indexOf('\0') >= 0) {
            throw new BadInputException(
                    "person", "person is a pseudonym of at most " + LONGEST_PERSON + " characters.");
        }
        return whom;
    }
}
