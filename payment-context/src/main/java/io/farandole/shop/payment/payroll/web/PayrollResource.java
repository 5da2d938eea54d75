package io.farandole.shop.payment.payroll.web;

import io.farandole.shop.payment.payroll.PayrollPolicy;
import io.farandole.shop.payment.payroll.SalaryPhase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A payroll: {@code total = paid + returned + shortfall + outstanding}.
 *
 * @param reason why no further payment was begun; null if all were
 * @param paid the employees have it
 * @param returned the company has it back
 * @param shortfall was paid and did not come back, or is held and cannot be confirmed
 * @param outstanding under way
 * @param writtenOff what of the shortfall was given up
 * @param states how many payments stand where
 * @param notice what became of the notice to the initiator; null if it wanted none
 */
record PayrollResource(
        String globalId,
        PayrollStatus status,
        @Nullable String reason,
        String companyAccount,
        PayrollPolicy onFailure,
        Instant expiresAt,
        String currency,
        String total,
        String paid,
        String returned,
        String shortfall,
        String outstanding,
        String writtenOff,
        int payments,
        Map<SalaryPhase, Long> states,
        @Nullable String notice) {

    static PayrollResource of(PayrollView row, List<PayrollPaymentViews.Sum> sums) {
        Map<SalaryPhase, Long> states = new TreeMap<>();
        long paid = 0;
        long stuck = 0;
        long writtenOff = 0;
        for (PayrollPaymentViews.Sum sum : sums) {
            states.put(sum.getStatus(), sum.getPayments());
            switch (sum.getStatus()) {
                case PAID -> paid += sum.getAmount();
                case STUCK -> stuck += sum.getAmount();
                case WRITTEN_OFF -> writtenOff += sum.getAmount();
                default -> {}
            }
        }
        String currency = row.currency();
        long shortfall = stuck + writtenOff;
        return new PayrollResource(
                row.getId(),
                row.status(),
                row.reason(),
                row.companyAccount(),
                row.policy(),
                row.expiresAt(),
                currency,
                Amounts.shown(row.total(), currency),
                Amounts.shown(paid, currency),
                Amounts.shown(row.returned(), currency),
                Amounts.shown(shortfall, currency),
                Amounts.shown(row.total() - paid - shortfall - row.returned(), currency),
                Amounts.shown(writtenOff, currency),
                row.payments(),
                states,
                row.notice());
    }
}
