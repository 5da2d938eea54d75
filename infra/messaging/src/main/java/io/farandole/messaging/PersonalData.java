package io.farandole.messaging;

import java.util.List;
import java.util.Optional;

/**
 * Seals what is personal with a key per person and scope, and opens it, for as long as the key is there. The context that seals owns the
 * key; another one opens with a grant of the owner for that scope. Thread-safe.
 */
public interface PersonalData {

    /** Whether this context has what it needs to seal, which is a master key. */
    boolean canSeal();

    /**
     * Seals a text, with the person's key of that scope; the first time a key is made. Joins the caller's transaction, if there is one:
     * then a new key is committed with what is sealed, or not at all.
     *
     * @param person who it belongs to, a pseudonym such as a customer's id; not part of the result
     * @param scope what it is needed for, such as {@code delivery}: grants are given by scope
     * @param clear the person's data
     * @throws PersonalDataException {@code NOT_CONFIGURED} if this context has no master key
     */
    Personal seal(String person, String scope, String clear);

    /**
     * Opens a text, whichever context has sealed it. What is not sealed is its own content.
     *
     * @throws PersonalDataException {@code UNAVAILABLE} if the key's owner cannot be reached now, to be retried; {@code REFUSED} if this
     *     context has no grant for it; {@code DAMAGED} if the text, or its key, is not what was sealed
     */
    default Opened open(Personal personal) {
        return open(List.of(personal)).get(0);
    }

    /** Opens several, in their order, by asking for all their keys at once where that is possible; see {@link #open(Personal)}. */
    List<Opened> open(List<Personal> personal);

    /** What is left of a sealed text. */
    final class Opened {

        private static final Opened ERASED = new Opened(Optional.empty());

        private final Optional<String> clear;

        private Opened(Optional<String> clear) {
            this.clear = clear;
        }

        /** What was sealed. */
        public static Opened clear(String text) {
            return new Opened(Optional.of(text));
        }

        /** The tombstone. */
        public static Opened erased() {
            return ERASED;
        }

        /** The person's data; empty if it was erased. Keep it no longer than the answer that it is for. */
        public Optional<String> text() {
            return clear;
        }

        /** Whether its key was destroyed: nobody can open it any more. */
        public boolean isErased() {
            return clear.isEmpty();
        }

        /** Without the person's data. */
        @Override
        public String toString() {
            return isErased() ? "Opened[erased]" : "Opened[clear]";
        }
    }
}
