package io.farandole.boot.audit;

import io.farandole.audit.reconcile.Ledger;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What this context keeps books of, for a comparison with the books of others.
 *
 * @param ledgers by a name of their own, which nothing depends on
 */
@ConfigurationProperties("farandole.audit")
public record LedgerProperties(@DefaultValue Map<String, Entry> ledgers) {

    public LedgerProperties {
        ledgers = Map.copyOf(ledgers);
        ledgers.forEach((name, entry) -> entry.ledger(name));
    }

    /**
     * A ledger; see {@link Ledger}.
     *
     * @param accounts the kinds of account that are kept, such as {@code paid}
     * @param statements SQL with the columns entry, account, amount, at and process
     */
    public record Entry(@DefaultValue Set<String> accounts, @DefaultValue("") String statements) {

        Ledger ledger(String name) {
            if (accounts.isEmpty() || statements.isBlank()) {
                throw new IllegalArgumentException("farandole.audit.ledgers." + name
                        + " needs accounts, such as paid, and statements, a query with the columns entry, account, amount, at and"
                        + " process");
            }
            return new Ledger(accounts, statements);
        }
    }
}
