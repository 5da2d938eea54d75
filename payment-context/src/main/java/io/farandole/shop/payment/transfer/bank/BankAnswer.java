package io.farandole.shop.payment.transfer.bank;

import org.jspecify.annotations.Nullable;

/**
 * What the banks say of a transfer, or of a step of it.
 *
 * @param kind done, refused, or neither is known
 * @param reason a {@link Reasons reason} for a refusal, a sentence where nothing is known; null if it was done
 */
public record BankAnswer(Kind kind, @Nullable String reason) {

    /** How definite an answer is. */
    public enum Kind {
        /** It was done, durably. */
        DONE,
        /** It was not done and will not be, however often it is asked for. */
        REFUSED,
        /** It may be done, be under way, or not be done: ask again. */
        UNKNOWN,
        /** The banks contradict each other, and asking again will not help before a person has put it right. */
        IN_DOUBT
    }

    /** It was done. */
    public static BankAnswer done() {
        return new BankAnswer(Kind.DONE, null);
    }

    /** It was refused. */
    public static BankAnswer refused(String reason) {
        return new BankAnswer(Kind.REFUSED, reason);
    }

    /** Nobody knows yet. */
    public static BankAnswer unknown(String reason) {
        return new BankAnswer(Kind.UNKNOWN, reason);
    }

    /** A person has to look. */
    public static BankAnswer inDoubt(String reason) {
        return new BankAnswer(Kind.IN_DOUBT, reason);
    }
}
