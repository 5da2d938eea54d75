package io.farandole.shop.payment.payroll.web;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.payroll.CompanyAccountCommand;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Amounts and currencies, read strictly and shown as decimal text. */
final class Amounts {

    private Amounts() {}

    static String currency(@Nullable String code) {
        if (code == null) {
            throw PayrollProblem.badRequest("currency is missing");
        }
        try {
            return Money.zero(code).currency();
        } catch (IllegalArgumentException e) {
            throw PayrollProblem.badRequest("currency must be an ISO 4217 code with minor units");
        }
    }

    /** A positive amount that fits an account. */
    static Money positive(String field, @Nullable BigDecimal amount, String currency) {
        if (amount == null) {
            throw PayrollProblem.badRequest(field + " is missing");
        }
        Money money;
        try {
            money = Money.of(amount, currency);
        } catch (IllegalArgumentException e) {
            throw PayrollProblem.badRequest(field + " has too many decimals for its currency, or is too large");
        }
        if (money.minor() <= 0) {
            throw PayrollProblem.badRequest(field + " must be positive");
        }
        if (money.minor() > CompanyAccountCommand.MOST) {
            throw PayrollProblem.badRequest(field + " is too large");
        }
        return money;
    }

    static String shown(long minor, String currency) {
        return new Money(minor, currency).amount().toPlainString();
    }
}
