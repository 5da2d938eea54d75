package io.farandole.audit.reconcile;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a context keeps books of, as a query over its own history. Contexts that keep the same account must state the same amount of every
 * entry; what is not stated is nothing. That is the whole rule: who keeps an account declares it, and the comparison finds the others.
 *
 * <pre>{@code
 * new Ledger(Set.of("paid"), """
 *     select process_key as entry, 'paid ' || (payload::jsonb #>> '{amount,currency}') as account,
 *            (payload::jsonb #>> '{amount,minor}')::bigint as amount, recorded_at as at, process_key as process
 *       from farandole.journal where own and payload_type = 'payment.charge-captured'""");
 * }</pre>
 *
 * <table>
 *   <caption>The columns of the query</caption>
 *   <tr><td>entry</td><td>text: what the books are about, an order id</td></tr>
 *   <tr><td>account</td><td>text: a kind, and whatever tells accounts of the kind apart after a blank, {@code paid EUR}</td></tr>
 *   <tr><td>amount</td><td>bigint; rows of one entry and account are added up</td></tr>
 *   <tr><td>at</td><td>timestamptz: since when</td></tr>
 *   <tr><td>process</td><td>text: the process that it came from</td></tr>
 * </table>
 *
 * <p>A row of amount 0 tells when and by which process an entry was settled.
 *
 * @param accounts the kinds of account that are kept, each of one word, such as {@code paid}
 * @param statements SQL with the columns below. It must not end with a semicolon
 */
public record Ledger(Set<String> accounts, String statements) {

    private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9-]*");

    public Ledger {
        accounts = Set.copyOf(accounts);
        for (String account : accounts) {
            if (!KIND.matcher(account).matches()) {
                throw new IllegalArgumentException(
                        "A kind of account is a word such as paid, of lower-case letters, digits and hyphens, not '"
                                + account + "'");
            }
        }
    }
}
