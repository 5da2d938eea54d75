package io.farandole.bench;

import io.farandole.acceptance.checker.Violation;
import io.farandole.acceptance.shop.RunningShop;
import io.farandole.testservers.PrivateRabbit;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
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

    private static final Pattern SERVER = Pattern.compile("//([^:/]+):(\\d+)/");
    private static final Duration SETTLED_WITHIN = Duration.ofMinutes(5);
    private static final long LOOK_NANOS = 2_000_000;
    private static final long CLOSE_LOOK_NANOS = 200_000;

    private static final long SWEEP_NANOS = 1_000_000_000L;

    private final Map<String, CountingProxy> proxies = new LinkedHashMap<>();
    private final RunningShop shop;
    private @Nullable ShopRecords records;
    private final Set<String> decided = new HashSet<>();
    private @Nullable EndsOfOrders ends;
    private long seen;
    private long swept = System.nanoTime();

    /** Opens a shop with these options for the services' Java machines. */
    ShopOnTheBench(List<String> javaOptions) throws Exception {
        this(javaOptions, true, Map.of(), null);
    }

    /** The same on that broker, which it does not close; null for a broker of its own. */
    ShopOnTheBench(List<String> javaOptions, @Nullable PrivateRabbit broker) throws Exception {
        this(javaOptions, true, Map.of(), broker);
    }

    /** The same with a coordinator in the order service; when quick on {@link OneBroker}. */
    static ShopOnTheBench withCoordinator(Settings settings) throws Exception {
        return new ShopOnTheBench(
                ThreeServices.javaOptions(settings),
                true,
                Map.of(),
                OneBroker.ifQuick(settings),
                RunningShop.Layout::withCoordinator);
    }

    /** The same without a proxy in the way, so that round trips are not counted. */
    static ShopOnTheBench uncounted(List<String> javaOptions) throws Exception {
        return new ShopOnTheBench(javaOptions, false, Map.of(), null);
    }

    /** The same for these settings, with variables for the services, and when quick on {@link OneBroker}. */
    static ShopOnTheBench uncounted(Settings settings, Map<String, String> environment) throws Exception {
        return new ShopOnTheBench(ThreeServices.javaOptions(settings), false, environment, OneBroker.ifQuick(settings));
    }

    private ShopOnTheBench(
            List<String> javaOptions, boolean counted, Map<String, String> environment, @Nullable PrivateRabbit broker)
            throws Exception {
        this(javaOptions, counted, environment, broker, UnaryOperator.identity());
    }

    private ShopOnTheBench(
            List<String> javaOptions,
            boolean counted,
            Map<String, String> environment,
            @Nullable PrivateRabbit broker,
            UnaryOperator<RunningShop.Layout> furnished)
            throws Exception {
        UnaryOperator<String> url = counted ? this::throughProxy : UnaryOperator.identity();
        shop = RunningShop.open(
                furnished.apply(new RunningShop.Layout(javaOptions, url, environment).withRabbit(broker)));
        connect();
    }

    /** One without a proxy whose payment service has the payment provider in its JVM; it cannot be given more instances. */
    static ShopOnTheBench withProviderInPayment(List<String> javaOptions) throws Exception {
        List<String> payment = List.of("-cp", System.getProperty("java.class.path"), PaymentProgram.class.getName());
        return new ShopOnTheBench(RunningShop.open(
                new RunningShop.Layout(javaOptions, UnaryOperator.identity(), Map.of(), Map.of("payment", payment))));
    }

    /** Watches that shop, which is closed with it; round trips are not counted. */
    ShopOnTheBench(RunningShop shop) throws Exception {
        this.shop = shop;
        connect();
    }

    private void connect() throws SQLException {
        boolean open = false;
        try {
            records = ShopRecords.of(shop);
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

    /** What its databases tell. */
    ShopRecords records() {
        ShopRecords open = records;
        if (open == null) {
            throw new IllegalStateException("The shop has not been opened");
        }
        return open;
    }

    URI address(String context) {
        return shop.address(context);
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

    /** Round trips of all services to their databases. */
    long roundTrips() {
        return proxies.values().stream().mapToLong(CountingProxy::roundTrips).sum();
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
            quiet = records().workLeft() == 0 ? quiet + 1 : 0;
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

    /** Waits until an order is confirmed or cancelled, durably. */
    void awaitDecision(String orderId) throws SQLException {
        await(orderId, "'order.confirmed', 'order.cancelled'");
    }

    /** Waits until an order's process has ended everywhere in its own context. */
    void awaitEnd(String orderId) throws SQLException {
        await(orderId, "'order.fulfilled', 'order.settled'");
    }

    private void await(String orderId, String types) throws SQLException {
        Connection connection = records().connection("order");
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
            if (records != null) {
                records.close();
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
