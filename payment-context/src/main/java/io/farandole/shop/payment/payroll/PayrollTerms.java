package io.farandole.shop.payment.payroll;

import io.farandole.shop.kernel.Money;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a payroll was started with, without its payments.
 *
 * @param companyAccount that is debited
 * @param total of all payments
 * @param count of payments
 * @param runsFor until it expires
 * @param expiresAt when it does
 * @param callbackUrl where its end is told; null if nowhere
 */
public record PayrollTerms(
        String companyAccount,
        Money total,
        int count,
        PayrollPolicy policy,
        Duration runsFor,
        Instant expiresAt,
        @Nullable String callbackUrl) {}
