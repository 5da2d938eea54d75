package io.farandole.participant;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a branch's commit or compensation is answered with, and answered with again when it is repeated. Immutable, but for the
 * body's array, which nobody changes.
 */
public final class Answer {

    /** What an answer says of the effect. */
    public enum Verdict {
        /** It took effect: committed, remembered. */
        DONE,
        /** It is refused for a reason of the business: rolled back; a commit's refusal is remembered. */
        REFUSED,
        /** It could not be decided: rolled back, and nothing is remembered; the caller repeats it. */
        FAILED
    }

    /** The reason of a commit that came after its compensation. */
    public static final String COMPENSATED_BEFORE = "COMPENSATED_BEFORE";

    /** The reason of a request that cannot be carried out as it is, such as a repetition with another body. */
    public static final String INVALID = "INVALID";

    /** The reason of a confirmation of what was never held. */
    public static final String NOT_HELD = "NOT_HELD";

    /** The reason of a confirmation, or another try, of what was held and has expired. */
    public static final String EXPIRED = "EXPIRED";

    private static final byte[] EMPTY = {};

    private final Verdict verdict;
    private final int status;
    private final @Nullable String reason;
    private final @Nullable String text;
    private final @Nullable String contentType;
    private final byte[] body;

    private Answer(
            Verdict verdict,
            int status,
            @Nullable String reason,
            @Nullable String text,
            @Nullable String contentType,
            byte[] body) {
        this.verdict = verdict;
        this.status = status;
        this.reason = reason;
        this.text = text;
        this.contentType = contentType;
        this.body = body;
    }

    /** It took effect, and there is no more to say. */
    public static Answer done() {
        return new Answer(Verdict.DONE, 200, null, null, null, EMPTY);
    }

    /** It is refused; {@value #INVALID} is answered as HTTP's 422, every other reason as 409. */
    public static Answer refused(String reason, String text) {
        return new Answer(Verdict.REFUSED, reason.equals(INVALID) ? 422 : 409, reason, text, null, EMPTY);
    }

    /**
     * An answer in full.
     *
     * @param status as over HTTP
     * @param reason a code for programs; null if the body says it, or there is none
     * @param text for people; null likewise
     * @param contentType of the body; null if it has none
     * @param body may be empty: then the default one is sent, made of verdict, reason and text
     */
    public static Answer of(
            Verdict verdict,
            int status,
            @Nullable String reason,
            @Nullable String text,
            @Nullable String contentType,
            byte[] body) {
        return new Answer(verdict, status, reason, text, contentType, body);
    }

    /** What it says of the effect. */
    public Verdict verdict() {
        return verdict;
    }

    /** The status as over HTTP. */
    public int status() {
        return status;
    }

    /** A code for programs, if there is one beside the body. */
    public @Nullable String reason() {
        return reason;
    }

    /** For people, if there is any beside the body. */
    public @Nullable String text() {
        return text;
    }

    /** Of the body. */
    public @Nullable String contentType() {
        return contentType;
    }

    /** The body, perhaps empty. Not to be changed. */
    public byte[] body() {
        return body;
    }

    /**
     * The answer as JSON, {@code {"outcome","reason","text"}}, for one whose body is empty.
     *
     * @param done what {@link Verdict#DONE} is called: {@code COMMITTED}, {@code HELD} or {@code COMPENSATED}
     */
    public byte[] asJson(String done) {
        StringBuilder json = new StringBuilder("{\"outcome\":\"")
                .append(
                        switch (verdict) {
                            case DONE -> done;
                            case REFUSED -> "REFUSED";
                            case FAILED -> "UNKNOWN";
                        })
                .append('"');
        if (reason != null) {
            json.append(",\"reason\":").append(quoted(reason));
        }
        if (text != null) {
            json.append(",\"text\":").append(quoted(text));
        }
        return json.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    @Override
    public String toString() {
        return verdict + " " + status + (reason == null ? "" : " " + reason);
    }
}
