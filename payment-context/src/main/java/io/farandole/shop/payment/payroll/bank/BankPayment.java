package io.farandole.shop.payment.payroll.bank;

import io.farandole.shop.kernel.Money;

/**
 * What a bank is to pay.
 *
 * @param globalId the payroll's id
 * @param branch tells the payroll's payments from one another; the same for every attempt
 * @param account at the bank
 * @param reference for the employee's statement
 */
public record BankPayment(String globalId, String branch, String account, Money amount, String reference) {

    /** Names the payment without account and amount, which are personal. */
    @Override
    public String toString() {
        return "BankPayment[" + globalId + "/" + branch + "]";
    }
}
