package io.farandole.shop.payment.payroll;

import org.jspecify.annotations.Nullable;

/**
 * What taking a payment back comes to.
 *
 * @param ask for its bank; null unless it is {@link Kind#ASK}
 * @param wasPaid the employee has it, as far as is known
 */
record TakeBack(Kind kind, @Nullable SalaryAsk ask, boolean wasPaid) {

    enum Kind {
        /** There is nothing to take back. */
        NOTHING,
        /** Its bank is to be asked. */
        ASK,
        /** Its bank is being asked for the payment: a person's decision that this payroll has yet to hear of. */
        WAIT,
        /** It was refused, and is given up. */
        DROP
    }
}
