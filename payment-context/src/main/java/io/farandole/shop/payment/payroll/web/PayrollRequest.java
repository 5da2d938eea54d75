package io.farandole.shop.payment.payroll.web;

import io.farandole.shop.payment.payroll.PayrollPolicy;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body that starts a payroll; {@link PayrollIntake} says what is wrong with it.
 *
 * @param globalId its id; one is made if none is given
 * @param currency of the account and of all amounts
 * @param onFailure default {@code REVERSE}
 * @param expiresAfter ISO 8601, such as {@code PT1H}; default one hour
 * @param callbackUrl where its end is told; nowhere if it is left out
 */
record PayrollRequest(
        @Nullable String globalId,
        @Nullable String companyAccount,
        @Nullable String currency,
        @Nullable PayrollPolicy onFailure,
        @Nullable String expiresAfter,
        @Nullable String callbackUrl,
        @Nullable List<@Nullable Entry> payments) {

    /**
     * One payment.
     *
     * @param branch its id within the payroll; the employee's if it is left out
     * @param currency may repeat the payroll's, and must not differ
     */
    record Entry(
            @Nullable String branch,
            @Nullable String employee,
            @Nullable String bank,
            @Nullable String account,
            @Nullable BigDecimal amount,
            @Nullable String currency) {}
}
