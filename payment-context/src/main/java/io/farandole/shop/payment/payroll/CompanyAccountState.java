package io.farandole.shop.payment.payroll;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fold of a company account's events; amounts are minor units.
 *
 * @param currency null before it is opened
 * @param balance never negative
 * @param deposits by id, to know a repeated one
 * @param taken by payroll, what it took and did not give back
 */
record CompanyAccountState(
        @Nullable String currency, long balance, Map<String, Long> deposits, Map<String, Long> taken) {

    static final CompanyAccountState NEW = new CompanyAccountState(null, 0, Map.of(), Map.of());

    CompanyAccountState opened(String in) {
        return new CompanyAccountState(in, balance, deposits, taken);
    }

    CompanyAccountState deposited(String depositId, long minor) {
        return new CompanyAccountState(currency, balance + minor, with(deposits, depositId, minor), taken);
    }

    CompanyAccountState debited(String globalId, long minor) {
        return new CompanyAccountState(currency, balance - minor, deposits, with(taken, globalId, minor));
    }

    CompanyAccountState credited(String globalId, long minor) {
        return new CompanyAccountState(
                currency, balance + minor, deposits, with(taken, globalId, taken.getOrDefault(globalId, 0L) - minor));
    }

    private static Map<String, Long> with(Map<String, Long> before, String key, long value) {
        Map<String, Long> after = new HashMap<>(before);
        after.put(key, value);
        return Map.copyOf(after);
    }
}
