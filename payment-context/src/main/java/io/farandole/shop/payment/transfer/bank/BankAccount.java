package io.farandole.shop.payment.transfer.bank;

/**
 * An account at a bank.
 *
 * @param bank the bank's name, as configured
 * @param account its number there
 */
public record BankAccount(String bank, String account) implements Comparable<BankAccount> {

    /** By bank, then number: the order in which rows are locked, so that two transfers never wait for each other. */
    @Override
    public int compareTo(BankAccount other) {
        int banks = bank.compareTo(other.bank);
        return banks != 0 ? banks : account.compareTo(other.account);
    }
}
