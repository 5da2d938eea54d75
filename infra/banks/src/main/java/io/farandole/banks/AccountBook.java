package io.farandole.banks;

import io.farandole.participant.Branch;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Accounts and their entries. Every change belongs into a transaction that somebody else opens. */
final class AccountBook {

    private static final String SELECT =
            "select account, currency, balance, closed from account where bank = ? and account = ?";

    private final JdbcTemplate jdbc;

    AccountBook(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /** An account, as it is. */
    record Account(String account, String currency, long balance, boolean closed) {}

    /** A movement; outgoing ones are negative. */
    record Entry(
            String account,
            String kind,
            long amount,
            @Nullable String globalId,
            @Nullable String branchId,
            @Nullable String reference) {}

    /** A payment that is held for an account, or was. */
    record Hold(String account, long amount, @Nullable String reference, boolean open) {}

    /** Opens it, unless it is there already. */
    boolean open(String bank, String account, String currency, long balance) {
        boolean opened = jdbc.update(
                        "insert into account (bank, account, currency, balance) values (?, ?, ?, ?) on conflict do nothing",
                        bank,
                        account,
                        currency,
                        balance)
                == 1;
        if (opened) {
            write(bank, new Entry(account, "OPENED", balance, null, null, null));
        }
        return opened;
    }

    /** What it was opened with. */
    long openedWith(String bank, String account) {
        Long amount = jdbc.queryForObject(
                "select amount from entry where bank = ? and account = ? and kind = 'OPENED'",
                Long.class,
                bank,
                account);
        return amount == null ? 0 : amount;
    }

    @Nullable Account find(String bank, String account) {
        return first(SELECT, bank, account);
    }

    /** The same, and nobody else changes it until the transaction ends. */
    @Nullable Account lock(String bank, String account) {
        return first(SELECT + " for update", bank, account);
    }

    private @Nullable Account first(String sql, String bank, String account) {
        List<Account> found = jdbc.query(
                sql,
                (row, number) -> new Account(
                        row.getString("account"),
                        row.getString("currency"),
                        row.getLong("balance"),
                        row.getBoolean("closed")),
                bank,
                account);
        return found.isEmpty() ? null : found.get(0);
    }

    /** Books an entry of an account that is locked, and that has the money. */
    void book(String bank, Entry entry) {
        jdbc.update(
                "update account set balance = balance + ? where bank = ? and account = ?",
                entry.amount(),
                bank,
                entry.account());
        write(bank, entry);
    }

    private void write(String bank, Entry entry) {
        jdbc.update(
                "insert into entry (bank, account, kind, amount, global_id, branch_id, reference) values (?, ?, ?, ?, ?, ?, ?)",
                bank,
                entry.account(),
                entry.kind(),
                entry.amount(),
                entry.globalId(),
                entry.branchId(),
                entry.reference());
    }

    void close(String bank, String account) {
        jdbc.update("update account set closed = true where bank = ? and account = ?", bank, account);
    }

    /** The payment of a branch; null if there is none. */
    @Nullable Entry payment(String bank, String globalId, String branchId) {
        List<Entry> found = jdbc.query(
                "select * from entry where bank = ? and global_id = ? and branch_id = ? and kind = 'PAID' order by id",
                (row, number) -> entry(row),
                bank,
                globalId,
                branchId);
        return found.isEmpty() ? null : found.get(0);
    }

    /** Holds a payment for an account that is locked. */
    void hold(Branch branch, String account, long amount, @Nullable String reference) {
        jdbc.update(
                "insert into hold (bank, global_id, branch_id, account, amount, reference) values (?, ?, ?, ?, ?, ?)",
                branch.participant(),
                branch.globalId(),
                branch.branchId(),
                account,
                amount,
                reference);
    }

    /** What is held, or was, of a branch; null if nothing was. */
    @Nullable Hold held(Branch branch) {
        List<Hold> found = jdbc.query(
                "select account, amount, reference, state = 'HELD' open from hold where bank = ? and global_id = ? and branch_id = ?",
                (row, number) -> new Hold(
                        row.getString("account"),
                        row.getLong("amount"),
                        row.getString("reference"),
                        row.getBoolean("open")),
                branch.participant(),
                branch.globalId(),
                branch.branchId());
        return found.isEmpty() ? null : found.get(0);
    }

    /** How much is held for an account. */
    long held(String bank, String account) {
        Long held = jdbc.queryForObject(
                "select coalesce(sum(amount), 0)::bigint from hold where bank = ? and account = ? and state = 'HELD'",
                Long.class,
                bank,
                account);
        return held == null ? 0 : held;
    }

    /** Ends a hold, as {@code CONFIRMED} or {@code RELEASED}. */
    void endHold(Branch branch, String state) {
        jdbc.update(
                "update hold set state = ? where bank = ? and global_id = ? and branch_id = ? and state = 'HELD'",
                state,
                branch.participant(),
                branch.globalId(),
                branch.branchId());
    }

    List<Entry> entries(String bank, String account) {
        return jdbc.query(
                "select * from entry where bank = ? and account = ? order by id",
                (row, number) -> entry(row),
                bank,
                account);
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                row.getString("account"),
                row.getString("kind"),
                row.getLong("amount"),
                row.getString("global_id"),
                row.getString("branch_id"),
                row.getString("reference"));
    }

    /**
     * The sums, as of one moment.
     *
     * @param globalId of a payroll, to sum up its entries only; null for all
     */
    Map<String, Object> ledger(String bank, @Nullable String globalId) {
        // One statement: balances and entries as of the same snapshot.
        return jdbc.queryForObject(
                """
                select (select count(*) from account where bank = p.bank) accounts,
                       (select coalesce(sum(balance), 0) from account where bank = p.bank)::bigint balances,
                       (select coalesce(sum(amount), 0) from entry where bank = p.bank)::bigint entries,
                       (select coalesce(sum(amount), 0) from hold where bank = p.bank and state = 'HELD'
                           and (p.global_id is null or global_id = p.global_id))::bigint held,
                       e.*
                  from (select ?::text bank, ?::text global_id) p,
                       lateral (select coalesce(sum(amount) filter (where kind = 'OPENED'), 0)::bigint opened,
                                       coalesce(sum(amount) filter (where kind = 'PAID'), 0)::bigint paid,
                                       coalesce(-sum(amount) filter (where kind = 'REVERSED'), 0)::bigint reversed,
                                       coalesce(-sum(amount) filter (where kind = 'SPENT'), 0)::bigint spent,
                                       count(*) filter (where kind = 'PAID') payments,
                                       count(*) filter (where kind = 'REVERSED') reversals,
                                       count(distinct (global_id, branch_id)) filter (where kind = 'PAID') branches
                                  from entry
                                 where bank = p.bank and (p.global_id is null or global_id = p.global_id)) e
                """,
                (row, number) -> {
                    Map<String, Object> sums = new LinkedHashMap<>();
                    sums.put("bank", bank);
                    if (globalId != null) {
                        sums.put("globalId", globalId);
                    }
                    for (String name : List.of(
                            "accounts",
                            "balances",
                            "entries",
                            "opened",
                            "paid",
                            "reversed",
                            "spent",
                            "held",
                            "payments",
                            "reversals",
                            "branches")) {
                        sums.put(name, row.getLong(name));
                    }
                    sums.put("balanced", row.getLong("balances") == row.getLong("entries"));
                    return sums;
                },
                bank,
                globalId);
    }
}
