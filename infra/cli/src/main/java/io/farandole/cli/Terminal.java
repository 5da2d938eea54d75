package io.farandole.cli;

import java.io.Console;
import org.jspecify.annotations.Nullable;

/** A person who can be asked. */
interface Terminal {

    /** Nobody is there. */
    Terminal NONE = new Terminal() {
        @Override
        public boolean isThere() {
            return false;
        }

        @Override
        public @Nullable String ask(String question) {
            return null;
        }

        @Override
        public @Nullable String askSecret(String question) {
            return null;
        }
    };

    /** Whether somebody can be asked. */
    boolean isThere();

    /** A line; null if nobody answers. */
    @Nullable String ask(String question);

    /** A line that is not shown; null if nobody answers. */
    @Nullable String askSecret(String question);

    static Terminal of(Console console) {
        return new Terminal() {
            @Override
            public boolean isThere() {
                return true;
            }

            @Override
            public @Nullable String ask(String question) {
                return console.readLine("%s", question);
            }

            @Override
            public @Nullable String askSecret(String question) {
                char[] answer = console.readPassword("%s", question);
                return answer == null ? null : new String(answer);
            }
        };
    }
}
