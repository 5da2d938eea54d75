package io.farandole.bench;

import io.farandole.acceptance.checker.ShopAddresses;
import io.farandole.acceptance.checker.Violation;
import io.farandole.acceptance.shop.RunningShop;
import io.farandole.bench.load.Books;
import io.farandole.testservers.PrivatePostgres;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The shop as three services, with PostgreSQL (fsync on) and RabbitMQ of its own, a proxy before the databases that counts round
 * trips, and connections past the proxy through which it is watched. Used by one thread.
 */
final class ShopOnTheBench implements AutoCloseable {

    private static final List<String> CONTEXTS = List.of("order", "stock", "payment");
    private static final Pattern SERVER = Pattern.compile("//([^:/]+):(\\d+)/");
    private static final Duration SETTLED_WITHIN = Duration.ofMinutes(5);
    private static final long LOOK_NANOS = 2_000_000;

    /** Decided: the order is confirmed or cancelled, durably. */
    private static final String DECIDED = "('order.confirmed', 'order.cancelled')";

    /** How far behind the newest position that was seen a transaction may still be open. */
    private static final long LATE_POSITIONS = 20_000;

    private static final long RECENT_POSITIONS = 300;
    private static final int LOOKS_PER_LOOK_FAR_BACK = 100;

    private static final String WORK_LEFT =
            """
            select (select count(*) from farandole.saga where ended_at is null)
                 + (select count(*) from farandole.outside_call where status <> 'DONE')
                 + (select count(*) from farandole.parked_process)
            """;

    private final AtomicReference<CountingProxy> proxy = new AtomicReference<>();
    private final RunningShop shop;
    private final Map<String, Connection> databases = new LinkedHashMap<>();
    private final TreeSet<Long> recentlyDecided = new TreeSet<>();
    private long seen;
    private long looks;
    private long decided;

    /** Opens a shop with these options for the services' Java machines. */
    ShopOnTheBench(List<String> javaOptions) throws Exception {
        this(javaOptions, true);
    }

    /** The same without a proxy in the way; round trips are not counted. */
    static ShopOnTheBench uncounted(List<String> javaOptions) throws Exception {
        return new ShopOnTheBench(javaOptions, false);
    }

    private ShopOnTheBench(List<String> javaOptions, boolean counted) throws Exception {
        UnaryOperator<String> url = counted ? this::throughProxy : UnaryOperator.identity();
        shop = RunningShop.open(new RunningShop.Layout(javaOptions, url));
        boolean open = false;
        try {
            for (String context : CONTEXTS) {
                ShopAddresses.Database database = shop.database(context);
                databases.put(
                        context, DriverManager.getConnection(database.url(), database.user(), database.password()));
            }
            requireDurability();
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
        CountingProxy counting = proxy.get();
        if (counting == null) {
            counting = CountingProxy.to(server.group(1), Integer.parseInt(server.group(2)));
            proxy.set(counting);
        }
        return server.replaceFirst("//127.0.0.1:" + counting.port() + "/");
    }

    /** A run without is void. */
    private void requireDurability() throws SQLException {
        for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
            String value = text("order", "show " + setting);
            if (!value.equals("on")) {
                throw new IllegalStateException(setting + " is " + value + ": a run without it is void");
            }
        }
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
                cents("charge-authorized") - captured - cents("charge-voided"));
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
        return shop.service(context).address();
    }

    PrivatePostgres postgres() {
        return shop.postgres();
    }

    /** Round trips of all services to their databases. */
    long roundTrips() {
        CountingProxy counting = proxy.get();
        return counting == null ? 0 : counting.roundTrips();
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
     * Orders that are confirmed or cancelled, counted on from the last time: to count the journal from its beginning at every
     * look would cost the database more than the orders do. Looks back over the last positions too, which may commit late.
     */
    long decided() throws SQLException {
        Connection connection = databases.get("order");
        if (connection == null) {
            throw new IllegalStateException("The shop is closed");
        }
        try (PreparedStatement statement = connection.prepareStatement(
                "select position from farandole.journal where position > ? and own and payload_type in " + DECIDED)) {
            boolean farBack = ++looks % LOOKS_PER_LOOK_FAR_BACK == 0;
            statement.setLong(1, seen - (farBack ? LATE_POSITIONS : RECENT_POSITIONS));
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    long position = result.getLong(1);
                    if (recentlyDecided.add(position)) {
                        decided++;
                        seen = Math.max(seen, position);
                    }
                }
            }
        }
        recentlyDecided.headSet(seen - LATE_POSITIONS, true).clear();
        return decided;
    }

    /** Places orders, so many undecided at a time, until {@code count} are placed and decided; nanoseconds that took. */
    long saturate(Orders orders, int count, int inFlight) throws SQLException, InterruptedException {
        long before = decided();
        long start = System.nanoTime();
        Semaphore unanswered = new Semaphore(64);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        long decided = 0;
        int placed = 0;
        while (decided < count) {
            while (placed < count && placed - decided < inFlight && unanswered.tryAcquire()) {
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
            decided = decided() - before;
            if (System.nanoTime() - start > SETTLED_WITHIN.toNanos()) {
                throw new IllegalStateException("Only " + decided + " of " + count + " orders were decided in time");
            }
        }
        return System.nanoTime() - start;
    }

    /** Waits until no saga, outside call or parked process is left. */
    void settle() throws SQLException {
        long start = System.nanoTime();
        int quiet = 0;
        while (quiet < 3) {
            quiet = sum(WORK_LEFT) == 0 ? quiet + 1 : 0;
            if (System.nanoTime() - start > SETTLED_WITHIN.toNanos()) {
                throw new IllegalStateException("The shop does not come to rest");
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    /** The invariants that do not hold; call it at rest. */
    List<Violation> violations(Set<String> accepted) throws IOException, SQLException, InterruptedException {
        return shop.violations(accepted);
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

    /** Waits until an order's process has ended everywhere in its own context. */
    void awaitEnd(String orderId) throws SQLException {
        Connection connection = databases.get("order");
        if (connection == null) {
            throw new IllegalStateException("The shop is closed");
        }
        long start = System.nanoTime();
        try (PreparedStatement statement = connection.prepareStatement("select count(*) from farandole.journal where"
                + " process_key = ? and own and payload_type in ('order.fulfilled', 'order.settled')")) {
            statement.setString(1, orderId);
            while (true) {
                try (ResultSet result = statement.executeQuery()) {
                    result.next();
                    if (result.getLong(1) > 0) {
                        return;
                    }
                }
                if (System.nanoTime() - start > SETTLED_WITHIN.toNanos()) {
                    throw new IllegalStateException("Order " + orderId + " does not end");
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    @Override
    public void close() {
        for (Connection connection : databases.values()) {
            try {
                connection.close();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
        try {
            shop.close();
        } finally {
            CountingProxy counting = proxy.get();
            if (counting != null) {
                counting.close();
            }
        }
    }
}
