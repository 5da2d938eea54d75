package io.farandole.shop.payment.payroll;

import io.farandole.shop.payment.payroll.bank.BankSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How payrolls are run. There are none unless at least one bank is configured.
 *
 * @param banks by name; a payment names its bank so
 * @param window how many payments of one payroll are under way at once; default 64. One that goes on in spite of failures has no such
 *     limit, only its banks'
 * @param reversalWindow how many of one payroll are taken back at once; default 1, which is strict reverse order
 * @param paymentTimeLimit how long a bank is asked for a payment before it is given up; default 2 min. One that goes on asks until
 *     it expires
 * @param settlementTimeLimit how long a bank is asked to give back, or to confirm what it holds, before a person has to see to it;
 *     default 10 min. While a bank does not answer, what was paid before waits to be taken back
 * @param longestRun the longest time that a payroll may be given before it expires; default 30 days
 * @param callback where the end of a payroll may be told
 */
@ConfigurationProperties("shop.payroll")
public record PayrollSettings(
        @DefaultValue Map<String, BankSettings> banks,
        @DefaultValue("64") int window,
        @DefaultValue("1") int reversalWindow,
        @DefaultValue("2m") Duration paymentTimeLimit,
        @DefaultValue("10m") Duration settlementTimeLimit,
        @DefaultValue("30d") Duration longestRun,
        @DefaultValue Callback callback) {

    private static final String PREFIX = "shop.payroll.";

    public PayrollSettings {
        banks = Map.copyOf(banks);
        banks.forEach((name, bank) -> bank.check(name));
        positive("payment-time-limit", paymentTimeLimit);
        positive("settlement-time-limit", settlementTimeLimit);
        positive("longest-run", longestRun);
        if (window < 1 || window > PayrollRun.STEP) {
            throw new IllegalArgumentException(PREFIX + "window must be 1 to " + PayrollRun.STEP + ", not " + window);
        }
        if (reversalWindow < 1 || reversalWindow > PayrollRun.STEP) {
            throw new IllegalArgumentException(
                    PREFIX + "reversal-window must be 1 to " + PayrollRun.STEP + ", not " + reversalWindow);
        }
    }

    /**
     * Where the end of a payroll may be told.
     *
     * @param hosts the only hosts that a {@code callbackUrl} may name; none by default, so that nobody has this service call
     *     addresses that only it can reach
     * @param secret with which notices are signed (HMAC-SHA256 of the body, header {@code Payroll-Signature}); without it they are not
     * @param timeout of one attempt; default 5 s
     * @param timeLimit until the initiator counts as not reached; default 1 day
     */
    public record Callback(
            @DefaultValue List<String> hosts,
            @Nullable String secret,
            @DefaultValue("5s") Duration timeout,
            @DefaultValue("1d") Duration timeLimit) {

        private static final int SHORTEST_SECRET = 32;

        public Callback {
            hosts = List.copyOf(hosts);
            positive("callback.timeout", timeout);
            positive("callback.time-limit", timeLimit);
            if (secret != null && secret.length() < SHORTEST_SECRET) {
                throw new IllegalArgumentException(
                        PREFIX + "callback.secret must have at least " + SHORTEST_SECRET + " characters");
            }
        }

        /** Leaves the secret out. */
        @Override
        public String toString() {
            return "Callback[hosts=" + hosts + "]";
        }
    }

    private static void positive(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(PREFIX + name + " must be positive, not " + value);
        }
    }
}
