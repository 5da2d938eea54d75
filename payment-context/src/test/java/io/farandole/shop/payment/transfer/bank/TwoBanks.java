package io.farandole.shop.payment.transfer.bank;

import io.farandole.shop.kernel.Money;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;

/** Banks a and b, each with a database of its own, and what must be true of their books. */
public final class TwoBanks implements AutoCloseable {

    /** Fast to give up, so that tests are. */
    static final BankTimeouts TIMEOUTS = new BankTimeouts(
            Duration.ofSeconds(2),
            Duration.ofMillis(400),
            Duration.ofSeconds(2),
            Duration.ofSeconds(3),
            Duration.ofSeconds(10));

    private static final Path STORE = store();
    private static final String SCHEMA = "/io/farandole/shop/payment/transfer/bank/schema.sql";

    private final TestDatabase a;
    private final TestDatabase b;

    /** On a server each, or on the same. */
    public TwoBanks(PostgresServer serverOfA, PostgresServer serverOfB) {
        a = serverOfA.createDatabase("transfer_a");
        b = serverOfB.createDatabase("transfer_b");
        for (TestDatabase database : List.of(a, b)) {
            try (Connection connection = database.connectAsMigrator();
                    Statement statement = connection.createStatement()) {
                statement.execute(schema().replace("${app}", database.appUser()));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** One for the whole Java machine, for it can have no other: all tests in one JVM share log and node, one after the other. */
    public static XaSettings xa() {
        return new XaSettings(STORE, "test", Duration.ofMillis(200), Duration.ofMillis(500));
    }

    private static Path store() {
        try {
            Path store = Files.createTempDirectory("transfer-log");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(store)));
            return store;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path store) {
        try (Stream<Path> files = Files.walk(store)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String schema() {
        try (InputStream file = TwoBanks.class.getResourceAsStream(SCHEMA)) {
            if (file == null) {
                throw new IllegalStateException(SCHEMA + " is not on the class path");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The database of bank a or b. */
    public TestDatabase database(String bank) {
        return bank.equals("a") ? a : b;
    }

    /** As the payment context is told of them. */
    public Map<String, BankSettings> settings() {
        Map<String, BankSettings> settings = new LinkedHashMap<>();
        for (String bank : List.of("a", "b")) {
            TestDatabase database = database(bank);
            settings.put(bank, new BankSettings(database.url(), database.appUser(), database.appPassword()));
        }
        return settings;
    }

    Banks banks() {
        return new Banks(settings(), TIMEOUTS, 8);
    }

    /** Opens an account with so many minor units. */
    public BankAccount open(String bank, String account, String currency, long opening) {
        jdbc(bank)
                .update(
                        "insert into app.account (account, currency, opening, balance) values (?, ?, ?, ?)",
                        account,
                        currency,
                        opening,
                        opening);
        return new BankAccount(bank, account);
    }

    static TransferOrder order(String id, BankAccount from, BankAccount to, long minor) {
        return new TransferOrder(id, from, to, new Money(minor, "EUR"));
    }

    /** What an account holds. */
    public long balance(BankAccount account) {
        Long balance = jdbc(account.bank())
                .queryForObject("select balance from app.account where account = ?", Long.class, account.account());
        return balance == null ? -1 : balance;
    }

    /** How many transactions are prepared at both. */
    public int prepared() {
        int all = 0;
        for (TestDatabase database : List.of(a, b)) {
            Integer here = new JdbcTemplate(database.adminDataSource())
                    .queryForObject(
                            "select count(*) from pg_prepared_xacts where database = ?",
                            Integer.class,
                            database.name());
            all += here == null ? 0 : here;
        }
        return all;
    }

    /**
     * What is wrong with the books: prepared transactions, balances that are not the sum of their entries, holds that nobody has,
     * transfers of which one side is done and the other is not, money that was made or lost.
     */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        if (prepared() > 0) {
            faults.add(prepared() + " prepared transactions remain");
        }
        for (String bank : List.of("a", "b")) {
            faults.addAll(jdbc(bank)
                    .queryForList(
                            """
                            select format('%s: balance %s, opening and entries %s', a.account, a.balance, a.opening + coalesce(e.sum, 0))
                              from app.account a left join (select account, sum(amount) from app.entry group by 1) e using (account)
                             where a.balance <> a.opening + coalesce(e.sum, 0)
                            union all
                            select format('%s: held %s, parts say %s', a.account, a.held, coalesce(p.sum, 0))
                              from app.account a left join (select account, sum(amount) from app.transfer_part
                                                             where state = 'HELD' group by 1) p using (account)
                             where a.held <> coalesce(p.sum, 0)
                            union all
                            select format('%s %s: %s without its entry', transfer_id, side, state) from app.transfer_part p
                             where (state = 'DONE') <> exists (select from app.entry e where e.transfer_id = p.transfer_id and e.side = p.side)
                            """,
                            String.class));
        }
        Map<String, Long> sums = new LinkedHashMap<>();
        for (String bank : List.of("a", "b")) {
            jdbc(bank).query("select transfer_id, sum(amount) from app.entry group by 1", row -> {
                sums.merge(row.getString(1), row.getLong(2), Long::sum);
            });
        }
        sums.forEach((id, sum) -> {
            if (sum != 0) {
                faults.add("transfer " + id + " is done by halves: its entries add up to " + sum);
            }
        });
        return faults;
    }

    private JdbcTemplate jdbc(String bank) {
        return new JdbcTemplate(database(bank).adminDataSource());
    }

    @Override
    public void close() {
        try {
            a.close();
        } finally {
            b.close();
        }
    }
}
