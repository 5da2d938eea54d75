package io.farandole.shop.payment.payroll.bank;

import org.jspecify.annotations.Nullable;

/**
 * What a bank said.
 *
 * @param kind done, refused, or no definite answer
 * @param reason why it was refused or is unknown, for operators; null if it was done
 * @param lacking minor units that were missing on the account for it to be taken back; null if the bank did not say
 */
public record BankAnswer(Kind kind, @Nullable String reason, @Nullable Long lacking) {

    private static final int LONGEST_REASON = 200;

    public BankAnswer {
        if (reason != null && reason.length() > LONGEST_REASON) {
            reason = reason.substring(0, LONGEST_REASON);
        }
    }

    /** How definite an answer is. */
    public enum Kind {
        /** The bank did what was asked. */
        DONE,
        /** The bank did nothing. */
        REFUSED,
        /** The bank may or may not have done it: ask again under the same ids. */
        UNKNOWN
    }

    /** It was done. */
    public static BankAnswer done() {
        return new BankAnswer(Kind.DONE, null, null);
    }

    /** It was refused. */
    public static BankAnswer refused(String reason) {
        return new BankAnswer(Kind.REFUSED, reason, null);
    }

    /** It was refused, because so much is missing on the account. */
    public static BankAnswer lacking(String reason, long lacking) {
        return new BankAnswer(Kind.REFUSED, reason, lacking);
    }

    /** Nobody knows. */
    public static BankAnswer unknown(String reason) {
        return new BankAnswer(Kind.UNKNOWN, reason, null);
    }
}
