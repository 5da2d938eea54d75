package io.farandole.shop.payment.payroll;

import java.time.Duration;

/** What a payroll asks of the outside; asked in the step's transaction, done after its commit. */
interface BankCalls {

    /** Asks an employee's bank; its answer comes as an event of the salary, at the latest when the time has passed. */
    void ask(SalaryAsk ask, Duration timeLimit);

    /** Tells the initiator how it has ended. */
    void tell(PayrollNotice notice);

    /** How long a bank is asked for a payment before it counts as unresolved. */
    Duration paymentTimeLimit();

    /** How long a bank is asked to confirm or give back before a person has to see to it. */
    Duration settlementTimeLimit();

    /** How many payments of a payroll are under way at once. */
    int window();

    /** How many are taken back at once; 1 for strict reverse order. */
    int reversalWindow();
}
