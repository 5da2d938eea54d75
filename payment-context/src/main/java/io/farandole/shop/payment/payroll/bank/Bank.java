package io.farandole.shop.payment.payroll.bank;

/**
 * A bank that takes part in payrolls by (global id, branch).
 *
 * <p>What payroll relies on, and what every adapter's bank must keep: the same two ids have one effect, and the same answer each time.
 * What is taken back before it was paid cannot be paid afterwards. A refusal to take back is not final: it may be asked for again.
 *
 * <p>Implementations block the calling thread for a bounded time, are thread-safe, and are called with no transaction open. A refusal
 * is an answer; a time-out, a lost connection, an outage, and any answer that is not one of the agreed ones are {@link
 * BankAnswer.Kind#UNKNOWN}.
 */
public interface Bank extends AutoCloseable {

    /** Asks for a payment, or for one of its two phases. */
    BankAnswer pay(BankPayment payment, Phase phase);

    /** Asks for the payment, or for what is held of it, to be taken back; also one that may never have been made. */
    BankAnswer takeBack(String globalId, String branch);

    /** Gives up its connections; again changes nothing. */
    @Override
    default void close() {}

    /** What is asked for. */
    enum Phase {
        /** The whole payment at once. */
        WHOLE,
        /** The amount is held for the employee, who cannot spend it yet. */
        TRY,
        /** What is held becomes the employee's. */
        CONFIRM
    }
}
