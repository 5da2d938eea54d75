package io.farandole.boot.operations;

import java.security.Principal;
import java.util.function.Function;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.http.HttpStatus;

/**
 * Runs an operation for the person who has signed in, and tells what was refused. The filter has asked for the sign-in already; that it is
 * asked for here again keeps the endpoints closed wherever they are served without it.
 */
final class SignedIn {

    static final String NOBODY = "Sign in as an operator (HTTP Basic).";

    private SignedIn() {}

    /** Calls with the person's name. */
    static WebEndpointResponse<Object> run(
            SecurityContext security, Function<String, WebEndpointResponse<Object>> operation) {
        Principal person = security.getPrincipal();
        if (person == null || person.getName() == null || person.getName().isBlank()) {
            return Problem.of(HttpStatus.UNAUTHORIZED, NOBODY).response();
        }
        try {
            return operation.apply(person.getName());
        } catch (BadInputException e) {
            return new Problem(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()), "field", e.field()).response();
        }
    }
}
