package io.farandole.banks;

import java.util.Currency;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A payment, as it comes over the wire: anything may be missing.
 *
 * @param amount in minor units
 */
record Payment(@Nullable String account, @Nullable Long amount, @Nullable String currency, @Nullable String reference) {

    private static final Set<String> CURRENCIES = Currency.getAvailableCurrencies().stream()
            .map(Currency::getCurrencyCode)
            .collect(Collectors.toUnmodifiableSet());
    private static final int MAX_ACCOUNT = 64;
    private static final int MAX_REFERENCE = 140;

    /** What is wrong with it; null if nothing is. */
    @Nullable String complaint() {
        if (!isAccount(account)) {
            return "account must be 1 to " + MAX_ACCOUNT + " letters, digits, dots and dashes";
        }
        if (amount == null || amount <= 0) {
            return "amount must be a positive number of minor units";
        }
        if (!isCurrency(currency)) {
            return "currency must be an ISO 4217 code";
        }
        if (reference != null && reference.length() > MAX_REFERENCE) {
            return "reference must have at most " + MAX_REFERENCE + " characters";
        }
        return null;
    }

    static boolean isAccount(@Nullable String account) {
        return account != null && account.matches("[A-Za-z0-9.-]{1," + MAX_ACCOUNT + "}");
    }

    static boolean isCurrency(@Nullable String currency) {
        return currency != null && CURRENCIES.contains(currency);
    }
}
