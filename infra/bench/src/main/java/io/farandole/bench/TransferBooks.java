package io.farandole.bench;

import io.farandole.shop.payment.transfer.bank.BankAccount;
import io.farandole.shop.payment.transfer.bank.BankSettings;
import io.farandole.shop.payment.transfer.bank.XaTransfers;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Banks a and b on one server, with so many accounts each, and what must be true of them after a load. */
final class TransferBooks implements AutoCloseable {

    private static final long OPENING = 1_000_000_000;

    private final PostgresServer server;
    private final TestDatabase a;
    private final TestDatabase b;

    TransferBooks(PostgresServer server, int accounts) throws SQLException, IOException {
        this.server = server;
        a = server.createDatabase("transfer_a");
        b = server.createDatabase("transfer_b");
        Servers.requireDurability(server);
        for (TestDatabase bank : List.of(a, b)) {
            try (Connection connection = bank.connectAsMigrator();
                    Statement statement = connection.createStatement()) {
                statement.execute(schema().replace("${app}", bank.appUser()));
                statement.execute("insert into account (account, currency, opening, balance) select 'x' || i, 'EUR', "
                        + OPENING + ", " + OPENING + " from generate_series(0, " + (2 * accounts - 1) + ") i");
            }
        }
    }

    private static String schema() throws IOException {
        try (InputStream file = XaTransfers.class.getResourceAsStream("schema.sql")) {
            if (file == null) {
                throw new IllegalStateException("The payment context's schema.sql is not on the class path");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    Map<String, BankSettings> settings() {
        return Map.of("a", settings(a), "b", settings(b));
    }

    private static BankSettings settings(TestDatabase bank) {
        return new BankSettings(bank.url(), bank.appUser(), bank.appPassword());
    }

    /** The one in which both accounts are, where one local transaction moves the money. */
    TestDatabase single() {
        return a;
    }

    static BankAccount account(String bank, int number) {
        return new BankAccount(bank, "x" + number);
    }

    /** Flushes of the write-ahead log, by sessions that have ended. */
    long flushes() throws SQLException {
        return number(a, "select coalesce((to_jsonb(w) ->> 'wal_sync')::bigint, -1) from pg_stat_wal w");
    }

    /** Sessions of the two databases that are in a transaction now. */
    long sessionsAtWork() throws SQLException {
        return number(
                a,
                "select count(*) from pg_stat_activity where datname in ('" + a.name() + "', '" + b.name()
                        + "') and state <> 'idle' and pid <> pg_backend_pid()");
    }

    /** What is wrong after so many transfers that all had to be done. */
    List<String> faults(long transfers) throws SQLException {
        List<String> faults = new ArrayList<>();
        long prepared = number(a, "select count(*) from pg_prepared_xacts");
        if (prepared != 0) {
            faults.add(prepared + " prepared transactions remain");
        }
        long done = 0;
        long sum = 0;
        for (TestDatabase bank : List.of(a, b)) {
            long wrong = number(
                    bank,
                    "select count(*) from app.account x where held <> 0 or balance <> opening"
                            + " + coalesce((select sum(amount) from app.entry e where e.account = x.account), 0)");
            if (wrong != 0) {
                faults.add(
                        wrong + " accounts of " + bank.name() + " are not the sum of their entries, or hold something");
            }
            done += number(bank, "select count(*) from app.transfer_part where state = 'DONE'");
            sum += number(bank, "select coalesce(sum(amount), 0) from app.entry");
        }
        if (sum != 0) {
            faults.add("money was made or lost: " + sum);
        }
        HotItem.expect(faults, "parts that are done", 2 * transfers, done);
        return faults;
    }

    private static long number(TestDatabase database, String query) throws SQLException {
        try (Connection connection = database.connectAsAdmin();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() {
        a.close();
        b.close();
    }

    @Override
    public String toString() {
        return "banks a and b on " + server;
    }
}
