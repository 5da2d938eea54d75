package io.farandole.cli;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The operator's name and password, asked for once, and never given as an argument, which other users of the machine could read. */
final class SignIn {

    private final Surroundings surroundings;
    private boolean asked;
    private @Nullable String header;

    SignIn(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** The header to send; empty if nobody says who it is. */
    Optional<String> header() {
        if (!asked) {
            asked = true;
            header = read();
        }
        return Optional.ofNullable(header);
    }

    private @Nullable String read() {
        String name = surroundings.environment().get("FARANDOLE_OPERATOR");
        if (name == null || name.isEmpty()) {
            name = surroundings.terminal().ask("Operator: ");
        }
        if (name == null || name.isEmpty()) {
            return null;
        }
        String password = surroundings.environment().get("FARANDOLE_OPERATOR_PASSWORD");
        if (password == null || password.isEmpty()) {
            password = surroundings.terminal().askSecret("Password of " + name + ": ");
        }
        if (password == null) {
            return null;
        }
        byte[] credentials = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(credentials);
    }
}
