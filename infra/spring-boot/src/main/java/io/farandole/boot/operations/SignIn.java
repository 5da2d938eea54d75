package io.farandole.boot.operations;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Base64;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** Reads name and password of a request (HTTP Basic, RFC 7617) and looks at them. Thread-safe. */
final class SignIn {

    private static final Logger log = LoggerFactory.getLogger(SignIn.class);
    private static final String BASIC = "Basic ";
    private static final int LONGEST_HEADER = 4_096;

    private final Passwords passwords;
    private final GuessLimit guesses;

    SignIn(Passwords passwords, GuessLimit guesses) {
        this.passwords = passwords;
        this.guesses = guesses;
    }

    /** Who it is, or why it is nobody. */
    sealed interface Answer {}

    record SignedInAs(Principal principal) implements Answer {}

    record Refused(Problem problem) implements Answer {}

    Answer of(HttpServletRequest request) {
        if (passwords.isEmpty()) {
            return refused(HttpStatus.UNAUTHORIZED, passwords.whatToSet());
        }
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return refused(HttpStatus.UNAUTHORIZED, SignedIn.NOBODY);
        }
        String credentials = decoded(header);
        int colon = credentials.indexOf(':');
        if (colon < 0) {
            return wrong();
        }
        return look(request, credentials.substring(0, colon), credentials.substring(colon + 1));
    }

    private Answer look(HttpServletRequest request, String name, String password) {
        String address = request.getRemoteAddr();
        try {
            Optional<Principal> known = guesses.look(address, () -> passwords.signIn(name, password));
            if (known.isPresent()) {
                return new SignedInAs(known.get());
            }
        } catch (GuessLimit.TooManyException e) {
            return refused(
                    HttpStatus.TOO_MANY_REQUESTS,
                    "Too many sign-ins were wrong, or came at once: this one was not looked at. Try again in some seconds.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return refused(HttpStatus.SERVICE_UNAVAILABLE, "The service is stopping: ask another instance.");
        }
        // Not the name: people type passwords there.
        log.warn("A sign-in at the endpoints for operations failed, from {}", address);
        return wrong();
    }

    private static Answer wrong() {
        return refused(HttpStatus.UNAUTHORIZED, "Name or password is wrong. " + SignedIn.NOBODY);
    }

    private static Answer refused(HttpStatus status, String sentence) {
        return new Refused(Problem.of(status, sentence));
    }

    /** Empty if it is none. */
    private static String decoded(String header) {
        if (header.length() > LONGEST_HEADER) {
            return "";
        }
        try {
            return new String(
                    Base64.getDecoder().decode(header.substring(BASIC.length()).trim()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // Not Base64: as wrong as a password can be.
            return "";
        }
    }
}
