package io.farandole.audit.personal;

import java.util.Arrays;

/** What there is of a key. */
public sealed interface KeyAnswer {

    /** It is there. Its text form holds nothing of it. */
    @SuppressWarnings("ArrayRecordComponent") // copied in and out
    record Found(String scope, byte[] key) implements KeyAnswer {

        public Found {
            key = key.clone();
        }

        @Override
        public byte[] key() {
            return key.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Found that && scope.equals(that.scope) && Arrays.equals(key, that.key);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(key);
        }

        @Override
        public String toString() {
            return "Found[" + scope + "]";
        }
    }

    /** It was destroyed, for good. */
    record Destroyed(String scope) implements KeyAnswer {}

    /** Its owner has never had it. */
    record Unknown() implements KeyAnswer {}
}
