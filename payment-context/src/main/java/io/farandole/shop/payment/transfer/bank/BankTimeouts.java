package io.farandole.shop.payment.transfer.bank;

import java.time.Duration;

/**
 * How long banks are waited for.
 *
 * @param connect to connect
 * @param lock for a row that another transfer holds, or a part whose outcome is not known yet
 * @param statement for a statement, at the bank; longer than {@code lock}
 * @param answer for any answer, at the socket; longer than {@code statement}
 * @param transaction for all work of an XA transaction up to the vote; then it is rolled back. Whole seconds
 */
public record BankTimeouts(Duration connect, Duration lock, Duration statement, Duration answer, Duration transaction) {

    /** What holds where nothing is configured. */
    public static final BankTimeouts DEFAULTS = new BankTimeouts(
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(6),
            Duration.ofSeconds(10));

    public BankTimeouts {
        if (connect.toSeconds() < 1 || transaction.toSeconds() < 1) {
            throw new IllegalArgumentException("shop.transfer.connect-timeout=" + connect
                    + " and shop.transfer.transaction-timeout=" + transaction + " must be 1 s or more");
        }
        if (lock.toMillis() < 1 || statement.compareTo(lock) <= 0 || answer.compareTo(statement) <= 0) {
            throw new IllegalArgumentException("Time-outs must grow: shop.transfer.lock-timeout=" + lock
                    + ", statement-timeout=" + statement + ", answer-timeout=" + answer);
        }
    }
}
