package io.farandole.bench;

import io.farandole.acceptance.checker.ShopAddresses;
import io.farandole.acceptance.shop.RunningShop;
import io.farandole.bench.load.Books;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a shop's databases tell: books, counts, and what the server has done for them. Over connections of its own, past any proxy.
 * Used by one thread.
 */
final class ShopRecords implements AutoCloseable {

    private static final List<String> CONTEXTS = List.of("order", "stock", "payment");

    private static final String WORK_LEFT =
            """
            select (select count(*) from farandole.saga where ended_at is null)
                 + (select count(*) from farandole.outside_call where status <> 'DONE')
                 + (select count(*) from farandole.parked_process)
            """;

    private final Map<String, Connection> databases = new LinkedHashMap<>();

    /** Opens a connection to each database of the shop. */
    static ShopRecords of(RunningShop shop) throws SQLException {
        ShopRecords records = new ShopRecords();
        boolean open = false;
        try {
            for (String context : CONTEXTS) {
                ShopAddresses.Database database = shop.database(context);
                records.databases.put(
                        context, DriverManager.getConnection(database.url(), database.user(), database.password()));
            }
            open = true;
            return records;
        } finally {
            if (!open) {
                records.close();
            }
        }
    }

    /** The connection to a context's database; stays this object's. */
    Connection connection(String context) {
        Connection connection = databases.get(context);
        if (connection == null) {
            throw new IllegalArgumentException("No database of " + context);
        }
        return connection;
    }

    /** How many sagas, outside calls and processes that were set aside have not ended, all contexts together. */
    long workLeft() throws SQLException {
        return sum(WORK_LEFT);
    }

    /** The books, from the journals; call it at rest. */
    Books books() throws SQLException {
        long reserved = pieces("pieces-reserved");
        long released = pieces("pieces-released");
        long sold = pieces("pieces-sold");
        long received = pieces("goods-received");
        long takenBack = pieces("pieces-taken-back");
        long confirmed = events("order", "order.confirmed");
        long cancelled = events("order", "order.cancelled");
        long captured = cents("charge-captured");
        return new Books(
                confirmed,
                cancelled,
                events("order", "order.placed") - confirmed - cancelled,
                received,
                received - reserved + released + takenBack,
                reserved - released - sold,
                sold - takenBack,
                captured - cents("charge-refunded"),
                cents("charge-authorized") - captured - centsOfVoidedAuthorisations());
    }

    private long events(String context, String type) throws SQLException {
        return number(context, "select count(*) from farandole.journal where own and payload_type = '" + type + "'");
    }

    private long pieces(String event) throws SQLException {
        return number(
                "stock",
                "select coalesce(sum((payload::json->>'quantity')::bigint), 0) from farandole.journal"
                        + " where own and payload_type = 'stock." + event + "'");
    }

    private long cents(String event) throws SQLException {
        return number(
                "payment",
                "select coalesce(sum((payload::json->'amount'->>'minor')::bigint), 0) from farandole.journal"
                        + " where own and payload_type = 'payment." + event + "'");
    }

    /** A payment whose order is cancelled early is voided too, without ever having been authorised: that frees no money. */
    private long centsOfVoidedAuthorisations() throws SQLException {
        return number(
                "payment",
                "select coalesce(sum((voided.payload::json->'amount'->>'minor')::bigint), 0) from farandole.journal voided"
                        + " where voided.own and voided.payload_type = 'payment.charge-voided' and exists ("
                        + "select from farandole.journal held where held.own and held.process_key = voided.process_key"
                        + " and held.payload_type = 'payment.charge-authorized')");
    }

    /** Orders that were decided, charges that were captured and goods that were sold more than once for the same process. */
    long doubled() throws SQLException {
        return doubled("order", "('order.confirmed', 'order.cancelled')")
                + doubled("payment", "('payment.charge-captured')")
                + doubled("stock", "('stock.pieces-sold')");
    }

    private long doubled(String context, String types) throws SQLException {
        return number(
                context,
                "select coalesce(sum(times - 1), 0) from (select count(*) as times from farandole.journal"
                        + " where own and payload_type in " + types + " group by process_key) as per_process");
    }

    /** How many of a context's processors' segments each instance holds, the most first. */
    List<Long> segmentsPerInstance(String context) throws SQLException {
        Connection connection = connection(context);
        List<Long> segments = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select count(*) from farandole.token_entry"
                        + " where owner is not null group by owner order by count(*) desc")) {
            while (result.next()) {
                segments.add(result.getLong(1));
            }
        }
        return segments;
    }

    /** Transactions that wrote, of all databases together: each has taken one transaction id. */
    long commits() throws SQLException {
        return number("order", "select pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
    }

    /** Flushes of the write-ahead log; one may serve many commits. */
    long flushes() throws SQLException {
        return number("order", "select wal_sync from pg_stat_wal");
    }

    long walBytes() throws SQLException {
        return number("order", "select pg_current_wal_insert_lsn() - '0/0'::pg_lsn");
    }

    /**
     * Positions that transactions drew and did not commit, all journals together: each append that was rolled back, by a conflict
     * for one, leaves as many as it had events before the one that failed, and that one.
     */
    long positionsInVain() throws SQLException {
        return sum(
                "select (select last_value from farandole.journal_position) - (select count(*) from farandole.journal)");
    }

    /** Transactions that ended in a rollback, all databases together; the server's statistics may be some seconds behind. */
    long rollbacks() throws SQLException {
        return sum("select xact_rollback from pg_stat_database where datname = current_database()");
    }

    /** Processes that were set aside to be tried again, ever, all contexts together; as far behind. */
    long setAside() throws SQLException {
        return sum(
                "select n_tup_ins from pg_stat_user_tables where schemaname = 'farandole' and relname = 'parked_process'");
    }

    /** Events of all contexts that went out. */
    long published() throws SQLException {
        return sum("select count(*) from farandole.journal where own and wire_type is not null");
    }

    /** Events that all contexts received. */
    long received() throws SQLException {
        return sum("select count(*) from farandole.journal where not own");
    }

    /** Events of the contexts' own. */
    long appended() throws SQLException {
        return sum("select count(*) from farandole.journal where own");
    }

    /** Ids of all orders that the journal knows. */
    Set<String> placed() throws SQLException {
        Connection connection = connection("order");
        Set<String> ids = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "select process_key from farandole.journal where own and payload_type = 'order.placed'")) {
            while (result.next()) {
                ids.add(result.getString(1));
            }
        }
        return ids;
    }

    private long sum(String query) throws SQLException {
        long sum = 0;
        for (String context : CONTEXTS) {
            sum += number(context, query);
        }
        return sum;
    }

    private long number(String context, String query) throws SQLException {
        return Long.parseLong(text(context, query));
    }

    private String text(String context, String query) throws SQLException {
        Connection connection = connection(context);
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getString(1);
        }
    }

    @Override
    public void close() {
        try {
            for (Connection connection : databases.values()) {
                connection.close();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
