package io.farandole.boot.operations;

import io.farandole.audit.personal.KeyAnswer;
import io.farandole.audit.personal.OwnKeys;
import io.farandole.messaging.PersonalDataException;
import java.util.Base64;
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
 * {@code GET /actuator/personalkeys/{keyId}}: gives a key to a service that has a grant for its scope. 410 if it was destroyed. Not for
 * operators: who operates a service needs no person's key.
 */
@WebEndpoint(id = PersonalKeysEndpoint.ID)
class PersonalKeysEndpoint {

    static final String ID = "personalkeys";

    private static final int LONGEST_ID = 200;

    private final OwnKeys keys;

    PersonalKeysEndpoint(OwnKeys keys) {
        this.keys = keys;
    }

    /** What is answered. */
    record Given(String keyId, String scope, String key) implements OperationResponseBody {

        /** Without the key. */
        @Override
        public String toString() {
            return "Given[" + keyId + ", " + scope + "]";
        }
    }

    @ReadOperation
    public WebEndpointResponse<Object> give(SecurityContext security, @Selector String keyId) {
        if (!(security.getPrincipal() instanceof KeyGrant grant)) {
            return Problem.of(HttpStatus.UNAUTHORIZED, "Sign in as a service that has a grant (HTTP Basic).")
                    .response();
        }
        if (keyId.length() > LONGEST_ID || keyId.indexOf('\0') >= 0) {
            return unknown();
        }
        KeyAnswer answer;
        try {
            answer = keys.find(List.of(keyId)).get(keyId);
        } catch (PersonalDataException e) {
            return Problem.of(HttpStatus.SERVICE_UNAVAILABLE, e.getMessage() + ".")
                    .response();
        }
        String scope = scope(answer);
        if (scope == null || answer == null) {
            return unknown();
        }
        // Before it is told whether the key is there still: that is not for everybody either.
        if (!grant.scopes().contains(scope)) {
            return Problem.of(
                            HttpStatus.FORBIDDEN,
                            "Service " + grant.name() + " has no grant for keys of scope " + scope
                                    + ": add it to farandole.personal.grants." + grant.name() + ".scopes.")
                    .response();
        }
        if (answer instanceof KeyAnswer.Found found) {
            return new WebEndpointResponse<>(
                    new Given(keyId, scope, Base64.getEncoder().encodeToString(found.key())));
        }
        return Problem.of(HttpStatus.GONE, "The key was destroyed: what was sealed with it is erased.")
                .response();
    }

    private static @Nullable String scope(@Nullable KeyAnswer answer) {
        if (answer instanceof KeyAnswer.Found found) {
            return found.scope();
        }
        return answer instanceof KeyAnswer.Destroyed destroyed ? destroyed.scope() : null;
    }

    private static WebEndpointResponse<Object> unknown() {
        return new Problem(
                        HttpStatus.NOT_FOUND, "This context has never had a key of that id.", "outcome", "UNKNOWN_KEY")
                .response();
    }
}
