package io.farandole.messaging;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A person's data, sealed: a field of this type marks what it holds as personal. It holds ciphertext only, so whatever carries it (a
 * command, an event, a snapshot, a saga's state, a row of a read model, a log line) carries no more. {@link PersonalData} seals and opens.
 *
 * <p>In JSON and in columns it is one string, {@code farandole-personal:v1:<key id>:<nonce and ciphertext, base64url>}; in the published
 * language, which knows no framework, a {@code String} of that form. The key's id begins with the name of the context that owns it.
 *
 * <p>Text of any other form is read as it is: what was written before its field was marked. It is not protected, and cannot be erased.
 *
 * <p>Immutable and thread-safe. Equal if the sealed form is: the same text sealed twice is not.
 */
public final class Personal {

    /** How every sealed text begins, in this and in all later versions of this form. */
    public static final String PREFIX = "farandole-personal:v1:";

    private static final Pattern FORM =
            Pattern.compile(Pattern.quote(PREFIX) + "([a-z][a-z0-9-]{0,49}\\.[A-Za-z0-9-]{1,50}):([A-Za-z0-9_-]{38,})");

    private final String text;

    private Personal(String text) {
        this.text = text;
    }

    /** Reads the stored form; any text can be one, see {@link #isProtected()}. */
    @JsonCreator
    public static Personal parse(String text) {
        return new Personal(text);
    }

    /** The stored form. */
    @JsonValue
    public String text() {
        return text;
    }

    /** Whether it is sealed; if not, {@link #text()} is the person's data itself. */
    public boolean isProtected() {
        return text.startsWith(PREFIX);
    }

    /** The id of the key that it is sealed with; empty if it is not sealed, or damaged. */
    public Optional<String> keyId() {
        return group(1);
    }

    /** Nonce and ciphertext, base64url; empty if it is not sealed, or damaged. */
    public Optional<String> sealed() {
        return group(2);
    }

    private Optional<String> group(int number) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches() ? Optional.of(matcher.group(number)) : Optional.empty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Personal that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The key's id, and nothing of what it holds. */
    @Override
    public String toString() {
        return "Personal[" + (isProtected() ? keyId().orElse("damaged") : "not protected") + "]";
    }
}
