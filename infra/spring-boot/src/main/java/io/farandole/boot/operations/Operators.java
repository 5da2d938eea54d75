package io.farandole.boot.operations;

import io.farandole.axon.Intervention;
import io.farandole.boot.FarandoleConfigurationException;
import java.security.Principal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * The configured operators and their password hashes. Comparison is the encoder's, in constant time; a name that nobody has costs
 * the same time as a wrong password, for a hash of the first operator's kind is computed all the same. Thread-safe.
 */
final class Operators implements Passwords {

    /**
     * The slow hashes among what the encoder knows, and their forms; with MD5 or SHA a stolen one is guessed quickly. Scrypt and Argon2
     * need Bouncy Castle on the class path.
     */
    private static final Map<String, Pattern> SLOW_HASHES = Map.of(
            "bcrypt", Pattern.compile("\\$2[aby]?\\$\\d\\d\\$[./0-9A-Za-z]{53}"),
            "pbkdf2@SpringSecurity_v5_8", Pattern.compile("[0-9a-f]{96}"),
            "scrypt@SpringSecurity_v5_8", Pattern.compile("\\$[0-9a-f]+\\$[^$]+\\$[^$]+"),
            "argon2@SpringSecurity_v5_8", Pattern.compile("\\$argon2(id|i|d)\\$.+"));

    private static final String PLAIN = "noop";
    private static final String WHAT_TO_DO =
            "Set it to a hash as `infra/farandole operator hash` prints it, or to a {bcrypt} hash in Spring Security's format.";

    private final PasswordEncoder encoder = PasswordEncoderFactories.createDelegatingPasswordEncoder();
    private final TreeMap<String, String> hashes;

    /**
     * Checks them all.
     *
     * @param hashes by operator's name
     * @param plainAllowed whether plain-text passwords are, as in development
     * @throws FarandoleConfigurationException if one is no hash, or one that is not safe; it never quotes it
     */
    Operators(Map<String, String> hashes, boolean plainAllowed) {
        this.hashes = new TreeMap<>(hashes);
        this.hashes.forEach((name, hash) -> check(name, hash, plainAllowed));
    }

    @Override
    public boolean isEmpty() {
        return hashes.isEmpty();
    }

    @Override
    public String whatToSet() {
        return "Nobody can sign in here yet: set farandole.operations.operators.<name> to a password hash"
                + " (`infra/farandole operator hash` makes one), or let the application's own security sign people in.";
    }

    /** The operator of that name, if the password is right. */
    @Override
    public Optional<Principal> signIn(String name, String password) {
        if (hashes.isEmpty()) {
            return Optional.empty();
        }
        String hash = hashes.get(name);
        String compared = hash == null ? hashes.firstEntry().getValue() : hash;
        boolean right = encoder.matches(password, compared);
        return right && hash != null ? Optional.of(new Operator(name)) : Optional.empty();
    }

    private void check(String name, String hash, boolean plainAllowed) {
        String property = "The property farandole.operations.operators." + name;
        if (name.isBlank()
                || name.indexOf(':') >= 0
                || name.chars().anyMatch(Character::isISOControl)
                || name.length() > Intervention.LONGEST_BY) {
            throw new FarandoleConfigurationException(
                    property + " has a name that cannot sign in.",
                    "Name operators with 1 to " + Intervention.LONGEST_BY
                            + " characters, without colons and control characters.");
        }
        int end = hash.indexOf('}');
        String kind = hash.startsWith("{") && end > 0 ? hash.substring(1, end) : "";
        if (kind.equals(PLAIN)) {
            if (!plainAllowed) {
                throw new FarandoleConfigurationException(
                        property + " is a password in plain text, which is allowed in profile dev only.", WHAT_TO_DO);
            }
            return;
        }
        Pattern form = SLOW_HASHES.get(kind);
        if (form == null || !form.matcher(hash.substring(end + 1)).matches()) {
            throw new FarandoleConfigurationException(property + " is no password hash of a safe kind.", WHAT_TO_DO);
        }
        try {
            encoder.matches("", hash);
        } catch (LinkageError e) {
            throw new FarandoleConfigurationException(
                    property + " is a hash of kind {" + kind + "}, whose library is not on the class path.",
                    WHAT_TO_DO);
        }
    }
}
