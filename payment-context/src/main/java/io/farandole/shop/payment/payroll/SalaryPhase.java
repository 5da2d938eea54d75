package io.farandole.shop.payment.payroll;

/** Where one payment of a payroll stands. */
public enum SalaryPhase {
    /** Not begun. */
    LISTED,
    /** Its bank is asked to pay. */
    PAYING,
    /** Its bank is asked to hold it. */
    HOLDING,
    /** Held: the employee cannot spend it. */
    HELD,
    /** Its bank is asked to pay what it holds. */
    CONFIRMING,
    /** The employee has it. */
    PAID,
    /** Its bank has refused it: nothing has moved. */
    REFUSED,
    /** Its bank has not answered in time: it may have been paid. */
    UNRESOLVED,
    /** Its bank is asked to give it back. */
    REVERSING,
    /** It is back, or never was paid. */
    REVERSED,
    /** Its bank gives nothing back, does not pay what it held, or has not answered: a person has to decide. */
    STUCK,
    /** Given up before it was paid. */
    DROPPED,
    /** Given up after it was paid: the company's loss. */
    WRITTEN_OFF
}
