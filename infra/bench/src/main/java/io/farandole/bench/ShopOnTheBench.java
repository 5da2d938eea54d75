package io.farandole.bench;

import io.farandole.acceptance.checker.ShopAddresses;
import io.farandole.acceptance.checker.Violation;
import io.farandole.acceptance.shop.RunningShop;
import io.farandole.bench.load.Books;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The shop as three services, with PostgreSQL (fsync on) and RabbitMQ of its own, a proxy before the databases that counts round
 * trips, and connections past the proxy through which it is watched. Used by one thread.
 */
final class ShopOnTheBench implements AutoCloseable {

    private static final List<String> CONTEXTS = List.of("order", "stock", "payment");
    private static final Pattern SERVER = Pattern.compile("//([^:/]+):(\\d+)/");
    private static final Duration SETTLED_WITHIN = Duration.ofMinutes(5);
    private static final long LOOK_NANOS = 2_000_000;
    private static final long CLOSE_LOOK_NANOS = 200_000;

    private static final long SWEEP_NANOS = 1_000_000_000L;

    private static final String WORK_LEFT =
            """
            select (select count(*) from farandole.saga where ended_at is null)
                 + (select count(*) from farandole.outside_call where status <> 'DONE')
                 + (select count(*) from farandole.parked_process)
            """;

    private final Map<String, CountingProxy> proxies = new LinkedHashMap<>();
    private final RunningShop shop;
    private final Map<String, Connection> databases = new LinkedHashMap<>();
    private final Set<String> decided = new HashSet<>();
    private @Nullable EndsOfOrders ends;
    private long seen;
    private long swept = System.nanoTime();

    /** Opens a shop with these options for the services' Java machines. */
    ShopOnTheBench(List<String> javaOptions) throws Exception {
        this(javaOptions, true, Map.of());
    }

    /** The same with these variables for the services, beside those that they need to find their servers. */
    ShopOnTheBench(List<String> javaOptions, Map<String, String> environment) throws Exception {
        this(javaOptions, true, environment);
    }

    /** The same without a proxy in the way; round trips are not counted. */
    static ShopOnTheBench uncounted(List<String> javaOptions) throws Exception {
        return new ShopOnTheBench(javaOptions, false, Map.of());
    }

    /** The same without a proxy and with variables for the services. */
    static ShopOnTheBench uncounted(List<String> javaOptions, Map<String, String> environment) throws Exception {
        return new ShopOnTheBench(javaOptions, false, environment);
    }

    private ShopOnTheBench(List<String> javaOptions, boolean counted, Map<String, String> environment)
            throws Exception {
        UnaryOperator<String> url = counted ? this::throughProxy : UnaryOperator.identity();
        shop = RunningShop.open(new RunningShop.Layout(javaOptions, url, environment));
        connect();
    }

    /** Watches that shop, which is closed with it; round trips are not counted. */
    ShopOnTheBench(RunningShop shop) throws Exception {
        this.shop = shop;
        connect();
    }

    private void connect() throws SQLException {
        boolean open = false;
        try {
            for (String context : CONTEXTS) {
                ShopAddresses.Database database = shop.database(context);
                databases.put(
                        context, DriverManager.getConnection(database.url(), database.user(), database.password()));
            }
            Servers.requireDurability(shop.postgres().server());
            open = true;
        } finally {
            if (!open) {
                close();
            }
        }
    }

    private String throughProxy(String url) {
        Matcher server = SERVER.matcher(url);
        if (!server.find()) {
            throw new IllegalArgumentException("No server in " + url);
        }
        CountingProxy counting = proxies.computeIfAbsent(
                url, key -> CountingProxy.to(server.group(1), Integer.parseInt(server.group(2))));
        return server.replaceFirst("//127.0.0.1:" + counting.port() + "/");
    }

    /** A connection of the caller's own to the order database, to look for ends of orders. */
    EndsOfOrders endsOfOrders() throws SQLException {
        return EndsOfOrders.in(shop.database("order"));
    }

    /** Process ids of the services and of the payment provider. */
    Map<String, Long> processes() {
        return shop.processes();
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

    URI address(String context) {
        return shop.address(context);
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

    /** The shop itself, whose processes may be killed and started. */
    RunningShop shop() {
        return shop;
    }

    /** Resets the connections of a context's service to its database; only with a proxy in the way. How many those were. */
    int resetDatabaseConnections(String context) {
        CountingProxy counting = proxies.get(shop.database(context).url());
        if (counting == null) {
            throw new IllegalStateException("There is no proxy in the way to the database of " + context);
        }
        return counting.reset();
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
        Connection connection = databases.get(context);
        if (connection == null) {
            throw new IllegalArgumentException("No database of " + context);
        }
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

    /** Round trips of all services to their databases. */
    long roundTrips() {
        return proxies.values().stream().mapToLong(CountingProxy::roundTrips).sum();
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

    /**
     * How many orders are confirmed or cancelled, durably; looked for from the last time on. A commit may come after one with a
     * higher position: what was missed so among the accepted ones is looked for by its key, once a second.
     */
    private int decided(Set<String> accepted) throws SQLException {
        if (ends == null) {
            ends = endsOfOrders();
        }
        seen = ends.after(seen, (orderId, confirmed) -> decided.add(orderId));
        if (System.nanoTime() - swept > SWEEP_NANOS) {
            Set<String> missed = new HashSet<>(accepted);
            missed.removeAll(decided);
            ends.of(missed, (orderId, confirmed) -> decided.add(orderId));
            swept = System.nanoTime();
        }
        return decided.size();
    }

    /** Places orders, so many undecided at a time, until {@code count} are placed and decided; nanoseconds that took. */
    long saturate(Orders orders, int count, int inFlight) throws SQLException, InterruptedException {
        int before = decided(orders.accepted());
        long start = System.nanoTime();
        Semaphore unanswered = new Semaphore(64);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        int done = 0;
        int placed = 0;
        while (done < count) {
            while (placed < count && placed - done < inFlight && unanswered.tryAcquire()) {
                placed++;
                CompletableFuture<Void> answer = orders.place();
                var unused = answer.whenComplete((nothing, thrown) -> {
                    if (thrown != null) {
                        failure.set(thrown);
                    }
                    unanswered.release();
                });
            }
            if (failure.get() != null) {
                throw new IllegalStateException("An order was not accepted", failure.get());
            }
            LockSupport.parkNanos(LOOK_NANOS);
            done = decided(orders.accepted()) - before;
            if (System.nanoTime() - start > SETTLED_WITHIN.toNanos()) {
                throw new IllegalStateException("Only " + done + " of " + count + " orders were decided in time");
            }
        }
        return System.nanoTime() - start;
    }

    /** Waits until no saga, outside call or parked process is left, for five minutes at most. */
    void settle() throws SQLException {
        settle(SETTLED_WITHIN);
    }

    /** The same for so long at most. */
    void settle(Duration within) throws SQLException {
        long start = System.nanoTime();
        int quiet = 0;
        while (quiet < 3) {
            quiet = sum(WORK_LEFT) == 0 ? quiet + 1 : 0;
            if (System.nanoTime() - start > within.toNanos()) {
                throw new IllegalStateException("The shop does not come to rest");
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    /** The invariants that do not hold; call it at rest. */
    List<Violation> violations(Set<String> accepted) throws IOException, SQLException, InterruptedException {
        return shop.violations(accepted);
    }

    /** Ids of all orders that the journal knows. */
    Set<String> placed() throws SQLException {
        Connection connection = databases.get("order");
        if (connection == null) {
            throw new IllegalStateException("The shop is closed");
        }
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
        Connection connection = databases.get(context);
        if (connection == null) {
            throw new IllegalArgumentException("No database of " + context);
        }
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getString(1);
        }
    }

    /** Waits until an order is confirmed or cancelled, durably. */
    void awaitDecision(String orderId) throws SQLException {
        await(orderId, "'order.confirmed', 'order.cancelled'");
    }

    /** Waits until an order's process has ended everywhere in its own context. */
    void awaitEnd(String orderId) throws SQLException {
        await(orderId, "'order.fulfilled', 'order.settled'");
    }

    private void await(String orderId, String types) throws SQLException {
        Connection connection = databases.get("order");
        if (connection == null) {
            throw new IllegalStateException("The shop is closed");
        }
        long start = System.nanoTime();
        try (PreparedStatement statement = connection.prepareStatement("select count(*) from farandole.journal where"
                + " process_key = ? and own and payload_type in (" + types + ")")) {
            statement.setString(1, orderId);
            while (true) {
                try (ResultSet result = statement.executeQuery()) {
                    result.next();
                    if (result.getLong(1) > 0) {
                        return;
                    }
                }
                if (System.nanoTime() - start > SETTLED_WITHIN.toNanos()) {
                    throw new IllegalStateException("Order " + orderId + " has not come so far in time");
                }
                LockSupport.parkNanos(CLOSE_LOOK_NANOS);
            }
        }
    }

    @Override
    public void close() {
        try {
            if (ends != null) {
                ends.close();
            }
            for (Connection connection : databases.values()) {
                connection.close();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } finally {
            end();
        }
    }

    private void end() {
        try {
            shop.close();
        } finally {
            proxies.values().forEach(CountingProxy::close);
        }
    }
}
