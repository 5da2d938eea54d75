package io.farandole.shop.payment.payroll;

import io.farandole.shop.kernel.Money;

/** What the initiator is told at a payroll's end, posted as JSON, with amounts in minor units. */
public record PayrollNotice(
        String globalId, String callbackUrl, PayrollOutcome outcome, Money paid, Money returned, Money shortfall) {}
