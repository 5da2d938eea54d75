package io.farandole.shop.order.coordination;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a participant said.
 *
 * @param reason why it was refused, or why nobody knows; null if it was done
 */
record ParticipantAnswer(Kind kind, @Nullable String reason) {

    /** How definite it is. */
    enum Kind {
        /** It is so, whoever asked for it and however often. */
        DONE,
        /** It is not so, and will not be. */
        REFUSED,
        /** Nobody knows, or it is not decided yet: ask again. */
        UNKNOWN
    }

    static ParticipantAnswer done() {
        return new ParticipantAnswer(Kind.DONE, null);
    }

    static ParticipantAnswer refused(String reason) {
        return new ParticipantAnswer(Kind.REFUSED, reason);
    }

    static ParticipantAnswer unknown(String reason) {
        return new ParticipantAnswer(Kind.UNKNOWN, reason);
    }

    /** For people. */
    String why() {
        return Objects.requireNonNullElse(reason, "no reason given");
    }
}
