package io.farandole.shop.kernel;

import java.math.BigDecimal;
import java.util.Currency;

/**
 * An exact amount of money, in minor units of its currency: 9.90 EUR is {@code Money(990, "EUR")}.
 *
 * @param minor minor units (cents); may be negative in differences
 * @param currency ISO 4217 code
 */
public record Money(long minor, String currency) {

    /**
     * @throws IllegalArgumentException if the currency is not an ISO 4217 code with minor units
     */
    public Money {
        digits(currency);
    }

    /** Nothing, in a currency. */
    public static Money zero(String currency) {
        return new Money(0, currency);
    }

    /**
     * Reads a decimal amount exactly: {@code ("9.9", "EUR")} is 990 minor units.
     *
     * @throws IllegalArgumentException if the currency is unknown, or the amount has more decimals than the currency, or
     *     does not fit
     */
    public static Money of(BigDecimal amount, String currency) {
        try {
            if (amount.precision() > 30 || Math.abs((long) amount.scale()) > 30) {
                throw new ArithmeticException("out of range");
            }
            return new Money(amount.movePointRight(digits(currency)).setScale(0).longValueExact(), currency);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "An amount in " + currency + " has at most " + digits(currency) + " decimals and fits 64 bits", e);
        }
    }

    private static int digits(String currency) {
        int digits = Currency.getInstance(currency).getDefaultFractionDigits();
        if (digits < 0) {
            throw new IllegalArgumentException("Currency " + currency + " has no minor units");
        }
        return digits;
    }

    /** The decimal amount: 990 EUR minor units are {@code 9.90}. */
    public BigDecimal amount() {
        return BigDecimal.valueOf(minor, digits(currency));
    }

    /**
     * The sum.
     *
     * @throws IllegalArgumentException if the currencies differ
     * @throws ArithmeticException if the sum does not fit
     */
    public Money plus(Money other) {
        requireSameCurrency(other);
        return new Money(Math.addExact(minor, other.minor), currency);
    }

    /**
     * The difference.
     *
     * @throws IllegalArgumentException if the currencies differ
     * @throws ArithmeticException if the difference does not fit
     */
    public Money minus(Money other) {
        requireSameCurrency(other);
        return new Money(Math.subtractExact(minor, other.minor), currency);
    }

    /**
     * The amount so many times.
     *
     * @throws ArithmeticException if the product does not fit
     */
    public Money times(long factor) {
        return new Money(Math.multiplyExact(minor, factor), currency);
    }

    private void requireSameCurrency(Money other) {
        if (!currency.equals(other.currency)) {
            throw new IllegalArgumentException("Cannot mix " + currency + " and " + other.currency);
        }
    }
}
