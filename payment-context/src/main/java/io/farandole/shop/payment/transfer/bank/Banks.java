package io.farandole.shop.payment.transfer.bank;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The banks between which money can be transferred, by name. Thread-safe; close it when nobody uses it any more. */
public final class Banks implements AutoCloseable {

    private final Map<String, Bank> banks = new TreeMap<>();
    private final BankBook book = new BankBook();

    /**
     * Connects to nobody yet.
     *
     * @param connections to each bank at most: so many for local transactions, and so many for XA
     */
    public Banks(Map<String, BankSettings> settings, BankTimeouts timeouts, int connections) {
        settings.forEach((name, bank) -> banks.put(name, new Bank(name, bank, timeouts, connections)));
    }

    /** Their names. */
    public Set<String> names() {
        return Set.copyOf(banks.keySet());
    }

    /**
     * What an account holds now; empty if there is no such bank or account.
     *
     * @throws SQLException if the bank cannot be asked
     */
    public Optional<AccountState> account(BankAccount account) throws SQLException {
        Bank bank = banks.get(account.bank());
        if (bank == null) {
            return Optional.empty();
        }
        try (Connection connection = bank.connect()) {
            return Optional.ofNullable(book.account(connection, account.account()));
        }
    }

    Bank of(BankAccount account) {
        Bank bank = banks.get(account.bank());
        if (bank == null) {
            throw new IllegalStateException(
                    "Bank " + account.bank() + " is not configured any more: set shop.transfer.banks." + account.bank()
                            + ".url, or its transfers cannot end");
        }
        return bank;
    }

    Collection<Bank> all() {
        return banks.values();
    }

    @Override
    public void close() {
        banks.values().forEach(Bank::close);
    }
}
