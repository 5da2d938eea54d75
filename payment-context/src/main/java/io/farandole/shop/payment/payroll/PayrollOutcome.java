package io.farandole.shop.payment.payroll;

/** How a payroll has ended. */
public enum PayrollOutcome {
    /** Everybody was paid. */
    PAID,
    /** Some were paid, and the company has the rest back. */
    PARTLY_PAID,
    /** Nobody was paid, and the company has all of it back. */
    REVERSED,
    /** Not all could be taken back: the rest is the shortfall. */
    SHORT
}
