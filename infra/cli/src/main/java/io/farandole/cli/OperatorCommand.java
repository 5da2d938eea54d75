package io.farandole.cli;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.spec.InvalidKeySpecException;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Who may operate services. */
@Command(
        name = "operator",
        mixinStandardHelpOptions = true,
        description = "Who may operate services.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = OperatorCommand.Hash.class)
final class OperatorCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }

    /** For the property that lists operators. */
    @Command(
            name = "hash",
            mixinStandardHelpOptions = true,
            description =
                    "Asks for a password and prints its hash, for farandole.operations.operators.<name>. Not on a terminal: FARANDOLE_OPERATOR_PASSWORD.")
    static final class Hash implements Callable<Integer> {

        /** As Spring Security 5.8 and later have it: PBKDF2 with HMAC-SHA256, salt before hash, in hexadecimal. */
        private static final String KIND = "{pbkdf2@SpringSecurity_v5_8}";

        private static final String ALGORITHM = "PBKDF2WithHmacSHA256";
        private static final int ROUNDS = 310_000;
        private static final int BITS = 256;
        private static final int SALT_BYTES = 16;
        private static final int SHORTEST = 12;

        private final Surroundings surroundings;

        Hash(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            String password = password();
            if (password.length() < SHORTEST) {
                throw EndedException.usage(
                        "The password has fewer than " + SHORTEST + " characters: choose a longer one.");
            }
            byte[] salt = new byte[SALT_BYTES];
            new SecureRandom().nextBytes(salt);
            surroundings
                    .out()
                    .println(KIND
                            + HexFormat.of().formatHex(salt)
                            + HexFormat.of().formatHex(derive(password, salt)));
            return ExitCode.DONE;
        }

        private String password() {
            Terminal terminal = surroundings.terminal();
            if (!terminal.isThere()) {
                return surroundings.environment().getOrDefault("FARANDOLE_OPERATOR_PASSWORD", "");
            }
            String password = terminal.askSecret("Password: ");
            String again = terminal.askSecret("Once more: ");
            if (password == null || !password.equals(again)) {
                throw EndedException.usage("The two are not the same.");
            }
            return password;
        }

        private static byte[] derive(String password, byte[] salt) {
            try {
                return SecretKeyFactory.getInstance(ALGORITHM)
                        .generateSecret(new PBEKeySpec(password.toCharArray(), salt, ROUNDS, BITS))
                        .getEncoded();
            } catch (NoSuchAlgorithmException | InvalidKeySpecException e) {
                throw new IllegalStateException("This Java has no " + ALGORITHM, e);
            }
        }
    }
}
