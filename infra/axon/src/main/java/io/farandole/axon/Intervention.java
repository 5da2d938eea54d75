package io.farandole.axon;

import java.util.Objects;

/**
 * A person's decision about one failed event. It applies to that event or to none.
 *
 * @param processor in which the process is set aside
 * @param processKey of the process, any text
 * @param failedEventId the event that the person saw as the failed one ({@link ParkedProcess#failedEventId})
 * @param decision what is to be done
 * @param by who decides; not blank, 200 characters at most
 * @param reason why; not blank, 2,000 characters at most. The person's own words: they are stored and shown, and never logged
 */
public record Intervention(
        String processor, String processKey, String failedEventId, Decision decision, String by, String reason) {

    /** The longest {@link #by}, in characters. */
    public static final int LONGEST_BY = 200;

    /** The longest {@link #reason}, in characters. */
    public static final int LONGEST_REASON = 2_000;

    /**
     * Checks texts.
     *
     * @throws IllegalArgumentException if an event, an actor or a reason is missing, or too long
     */
    public Intervention {
        Objects.requireNonNull(processor, "processor");
        Objects.requireNonNull(processKey, "processKey");
        Objects.requireNonNull(decision, "decision");
        if (failedEventId.isBlank()) {
            throw new IllegalArgumentException(
                    "failedEventId must not be blank: name the failed event that the decision is about");
        }
        requireSigned(by, reason);
    }

    static void requireSigned(String by, String reason) {
        requireText(by, "by", LONGEST_BY);
        requireText(reason, "reason", LONGEST_REASON);
    }

    private static void requireText(String value, String name, int longest) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(
                    name + " must not be blank: a decision is recorded with who made it and why");
        }
        if (value.length() > longest) {
            throw new IllegalArgumentException(
                    name + " has " + value.length() + " characters, but " + longest + " is the most: shorten it");
        }
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(name + " holds a NUL character, which cannot be stored: remove it");
        }
    }

    /** Without who and why. */
    @Override
    public String toString() {
        return "Intervention[" + decision + " " + failedEventId + " of " + processKey + " in " + processor + "]";
    }
}
