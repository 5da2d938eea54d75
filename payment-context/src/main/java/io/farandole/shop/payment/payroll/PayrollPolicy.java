package io.farandole.shop.payment.payroll;

/** What becomes of a payroll when one of its payments cannot be made. */
public enum PayrollPolicy {
    /** What was paid is taken back, in reverse order, and the company gets back what came back. */
    REVERSE,
    /** What was paid stays paid, and the rest is gone on with until it succeeds or a person drops it. */
    GO_ON,
    /** All payments are held first, and confirmed only once all are held: what is held can always be taken back. */
    HOLD
}
