package io.farandole.shop.payment.payroll;

import io.farandole.shop.kernel.Money;

/**
 * One payment of a payroll, as it was asked for.
 *
 * @param branch its id within the payroll
 * @param bank its configured name
 * @param account the employee's, at that bank
 */
public record PayrollPayment(String branch, String employee, String bank, String account, Money amount) {

    /** Names the payment without what is personal. */
    @Override
    public String toString() {
        return "PayrollPayment[" + branch + "]";
    }
}
