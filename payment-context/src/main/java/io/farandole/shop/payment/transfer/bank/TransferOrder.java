package io.farandole.shop.payment.transfer.bank;

import io.farandole.shop.kernel.Money;

/**
 * Money that goes from one account to another.
 *
 * @param transferId names it for good: banks do it once
 * @param amount positive
 */
public record TransferOrder(String transferId, BankAccount from, BankAccount to, Money amount) {

    public TransferOrder {
        if (amount.minor() < 1) {
            throw new IllegalArgumentException("A transfer's amount is positive, not " + amount.minor());
        }
        if (from.equals(to)) {
            throw new IllegalArgumentException("A transfer goes to another account, not from " + from + " to itself");
        }
    }
}
