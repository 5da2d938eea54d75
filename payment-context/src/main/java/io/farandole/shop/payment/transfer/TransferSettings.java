package io.farandole.shop.payment.transfer;

import io.farandole.shop.payment.transfer.bank.BankSettings;
import io.farandole.shop.payment.transfer.bank.BankTimeouts;
import io.farandole.shop.payment.transfer.bank.XaSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Between which banks money is transferred, and how. Without banks there are no transfers.
 *
 * @param banks each bank's database, by name: lower-case letters, digits, dashes and underscores
 * @param objectStore where XA decisions are logged: a directory of this instance alone, on a disk that survives it; without it and
 *     {@code node} there is mode SAGA only
 * @param node this instance's name in what it prepares; unique among all instances, and kept
 * @param recoveryPeriod from one look for XA transactions in doubt to the next; default 10 s
 * @param orphanAfter how long a prepared branch of this node that no decision is logged of is left alone; default 20 s
 * @param connections to each bank at most, for XA and as many for local transactions; default 8
 * @param connectTimeout default 2 s
 * @param lockTimeout for a row that another transfer has locked; default 2 s
 * @param statementTimeout at the bank; default 4 s
 * @param answerTimeout at the socket; default 6 s
 * @param transactionTimeout for an XA transaction up to the vote; default 10 s
 * @param timeLimit until a transfer whose banks give no answer is given up; default 2 min
 * @param settlementTimeLimit until a settlement without an answer is left to a person; default 7 days
 */
@ConfigurationProperties("shop.transfer")
record TransferSettings(
        Map<String, BankSettings> banks,
        @Nullable Path objectStore,
        @Nullable String node,
        @DefaultValue("10s") Duration recoveryPeriod,
        @DefaultValue("20s") Duration orphanAfter,
        @DefaultValue("8") int connections,
        @DefaultValue("2s") Duration connectTimeout,
        @DefaultValue("2s") Duration lockTimeout,
        @DefaultValue("4s") Duration statementTimeout,
        @DefaultValue("6s") Duration answerTimeout,
        @DefaultValue("10s") Duration transactionTimeout,
        @DefaultValue("2m") Duration timeLimit,
        @DefaultValue("7d") Duration settlementTimeLimit) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9_-]{1,32}");

    TransferSettings {
        banks = Map.copyOf(banks);
        banks.forEach(TransferSettings::check);
        if (connections < 1) {
            throw new IllegalArgumentException("shop.transfer.connections must be 1 or more, not " + connections);
        }
        if (isBlank(node) != (objectStore == null || objectStore.toString().isBlank())) {
            throw new IllegalArgumentException(
                    "For XA, set both shop.transfer.object-store (a directory that survives this"
                            + " instance) and shop.transfer.node (a name that no other instance has); for SAGA only, neither");
        }
        if (timeLimit.toMillis() < 1 || settlementTimeLimit.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "shop.transfer.time-limit and shop.transfer.settlement-time-limit must be positive");
        }
    }

    private static void check(String name, BankSettings bank) {
        String property = "shop.transfer.banks." + name;
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    property + ": a bank's name is 1 to 32 lower-case letters, digits, dashes or underscores");
        }
        String url = bank.url();
        if (url == null || !url.startsWith("jdbc:postgresql://")) {
            throw new IllegalArgumentException(property + ".url must be a jdbc:postgresql:// address");
        }
        if (isBlank(bank.username())) {
            throw new IllegalArgumentException(property + ".username is not set");
        }
        if (isBlank(bank.password())) {
            throw new IllegalArgumentException(property + ".password is not set");
        }
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }

    BankTimeouts timeouts() {
        return new BankTimeouts(connectTimeout, lockTimeout, statementTimeout, answerTimeout, transactionTimeout);
    }

    /** For the coordinator; null where XA is not used. */
    @Nullable XaSettings xa() {
        return objectStore == null || isBlank(node) || node == null
                ? null
                : new XaSettings(objectStore, node, recoveryPeriod, orphanAfter);
    }
}
