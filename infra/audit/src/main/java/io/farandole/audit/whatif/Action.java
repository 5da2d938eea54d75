package io.farandole.audit.whatif;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Something that a saga would have done, and that was noted instead. Two are equal if they would have had the same effect.
 *
 * @param kind what it is
 * @param name of the command's or event's class, the deadline, the kind of outside call, or the method that was called
 * @param content its fields; of a scheduled deadline, how long after its event it is due; null if it has none
 */
public record Action(Kind kind, String name, @Nullable JsonNode content) {

    public Action {
        // What was read from a file says null where there is nothing.
        content = content != null && content.isNull() ? null : content;
    }

    /** Kinds of actions. */
    public enum Kind {
        /** A command was sent. */
        COMMAND,
        /** A deadline was scheduled. */
        DEADLINE,
        /** A deadline that had not passed was cancelled. */
        DEADLINE_CANCELLED,
        /** An outside call was requested. */
        OUTSIDE_CALL,
        /** An event was published. */
        EVENT,
        /** A method of an injected interface was called. */
        CALL
    }

    /** What it is, with its content, on one line. */
    public String describe() {
        return switch (kind) {
                    case COMMAND -> "send " + name;
                    case DEADLINE -> "schedule deadline " + name;
                    case DEADLINE_CANCELLED -> "cancel deadline " + name;
                    case OUTSIDE_CALL -> "request outside call " + name;
                    case EVENT -> "publish " + name;
                    case CALL -> "call " + name;
                }
                + (content == null ? "" : " " + content);
    }

    /** Without the content, which may hold personal data. */
    @Override
    public String toString() {
        return kind + " " + name;
    }
}
