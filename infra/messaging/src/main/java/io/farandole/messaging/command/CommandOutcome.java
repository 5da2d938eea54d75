package io.farandole.messaging.command;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a command. */
public sealed interface CommandOutcome {

    /** It was carried out; {@code result} becomes JSON, and is null if there is nothing to tell. */
    static CommandOutcome done(@Nullable Object result) {
        return new Done(result);
    }

    /** It was refused, with a reason of the context's own. */
    static CommandOutcome refused(String reason, String detail) {
        return new Refused(reason, detail, List.of());
    }

    /** Carried out. */
    record Done(@Nullable Object result) implements CommandOutcome {}

    /**
     * Not carried out, for good.
     *
     * @param reason stable, in kebab case: one of {@link RefusalReason} or the context's own
     * @param detail a sentence for people; holds nothing personal, for it may be logged
     * @param errors which fields are wrong, where the request is; at most {@value #MOST_ERRORS}
     */
    record Refused(String reason, String detail, List<FieldError> errors) implements CommandOutcome {

        /** So many errors are told at most. */
        public static final int MOST_ERRORS = 20;

        public Refused {
            if (!reason.matches("[a-z][a-z0-9-]{0,99}")) {
                throw new IllegalArgumentException("A reason is kebab case, such as insufficient-stock, not " + reason);
            }
            errors = errors.stream().limit(MOST_ERRORS).toList();
        }

        /** For one of the framework's reasons. */
        public static Refused of(RefusalReason reason, String detail) {
            return new Refused(reason.code(), detail, List.of());
        }
    }

    /** A field that is wrong, {@code lines[0].quantity}, and how. */
    record FieldError(String field, String detail) {}
}
