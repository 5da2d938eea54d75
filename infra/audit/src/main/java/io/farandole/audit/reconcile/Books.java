package io.farandole.audit.reconcile;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The books of this context, of all its ledgers. Digests over parts of the entries first (an entry's part follows from its name), then the
 * statements of some parts. Each question reads what the ledgers' queries read, in a read-only transaction of bounded time. Thread-safe.
 */
public final class Books {

    /** Into so many parts the entries are divided. */
    public static final int PARTS = 1_024;

    /** The most statements of one answer. */
    public static final int MOST = 20_000;

    private static final int LONGEST_SECONDS = 55;
    private static final String PART = "(('x' || left(md5(b.entry), 4))::bit(16)::integer % " + PARTS + ")";

    private final Set<String> accounts = new TreeSet<>();
    private final String statements;
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    /**
     * The books of a context.
     *
     * @param dataSource connects as a role that may read what the ledgers' queries read
     */
    public Books(Collection<Ledger> ledgers, DataSource dataSource) {
        ledgers.forEach(ledger -> accounts.addAll(ledger.accounts()));
        this.statements = ledgers.stream()
                .map(ledger -> "(" + ledger.statements() + ")")
                .collect(Collectors.joining(" union all "));
        this.jdbc = new JdbcTemplate(dataSource);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        this.transaction.setReadOnly(true);
    }

    /** The kinds of account that are kept. */
    public Set<String> accounts() {
        return Set.copyOf(accounts);
    }

    /** Digests of the parts that have statements of these kinds. */
    public List<PartDigest> digests(Collection<String> kinds) {
        if (statements.isEmpty()) {
            return List.of();
        }
        return reading(() -> jdbc.query(
                "select " + PART + " as part, count(*) as statements,"
                        + " sum(('x' || left(md5(b.entry || ' ' || b.account || ' ' || b.amount), 16))::bit(64)::bigint)::text as digest"
                        + " from (select s.entry, s.account, sum(s.amount)::bigint as amount from (" + statements
                        + ") s where split_part(s.account, ' ', 1) = any (?) group by 1, 2 having sum(s.amount) <> 0) b"
                        + " group by 1 order by 1",
                (row, index) -> new PartDigest(row.getInt("part"), row.getLong("statements"), row.getString("digest")),
                (Object) kinds.toArray(String[]::new)));
    }

    /**
     * The statements of these kinds in some parts, also those that come to nothing, by entry and account; at most {@link #MOST}, so ask for few
     * parts at once where there is much.
     */
    public List<Statement> statements(Collection<String> kinds, Collection<Integer> parts) {
        if (statements.isEmpty()) {
            return List.of();
        }
        return reading(() -> jdbc.query(
                "select b.entry, b.account, sum(b.amount)::bigint as amount, max(b.at) as at,"
                        + " array_agg(distinct b.process) as processes from (" + statements
                        + ") b where split_part(b.account, ' ', 1) = any (?) and " + PART
                        + " = any (?) group by 1, 2 order by 1, 2 limit " + MOST,
                (row, index) -> statement(row),
                kinds.toArray(String[]::new),
                parts.toArray(Integer[]::new)));
    }

    private static Statement statement(ResultSet row) throws SQLException {
        Array processes = row.getArray("processes");
        return new Statement(
                row.getString("entry"),
                row.getString("account"),
                row.getLong("amount"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                List.of((String[]) processes.getArray()));
    }

    private <T> T reading(Supplier<T> question) {
        T answer = transaction.execute(status -> {
            jdbc.query("select set_config('statement_timeout', ?, true)", row -> {}, LONGEST_SECONDS + "s");
            return question.get();
        });
        if (answer == null) {
            throw new IllegalStateException("No answer");
        }
        return answer;
    }
}
