package io.farandole.bench;

import io.farandole.acceptance.shop.RunningShop;
import io.farandole.acceptance.shop.ServiceProcess;
import io.farandole.bench.load.Books;
import io.farandole.bench.load.Load;
import io.farandole.bench.load.LoadResult;
import io.farandole.bench.load.LoadTarget;
import io.farandole.bench.load.OrderSpec;
import io.farandole.bench.load.Workload;
import io.farandole.testservers.PostgresServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The shop as three services whose databases are filled with copies of real orders while the services are stopped. Loads are checked
 * by the books of their own orders. Used by one thread.
 */
final class GrowingShop implements LoadTarget {

    static final List<String> CONTEXTS = List.of("order", "stock", "payment");

    /** What one must know to read {@link #scannedRows}. */
    static final String ABOUT_SCANS =
            "rows read by scans: PostgreSQL scans tables of a few hundred rows, as the view of products is"
                    + " in a quick run, whatever the size of the others; what grows with the size is a plan that degrades";

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long LOOK_NANOS = 20_000_000;
    private static final long STATISTICS_NANOS = 1_200_000_000L;

    /** Every own event has been sent where it is to be sent. */
    private static final String UNSENT =
            """
            select count(*) from farandole.relay_position r
                where r.position < (select coalesce(max(j.position), 0) from farandole.journal j where j.own)
            """;

    /**
     * Changes whenever a processor stores how far it has come, or the journal grows. At rest a processor stands at the last event that
     * it handles, which need not be the journal's last.
     */
    private static final String PROGRESS =
            """
            select (select coalesce(sum(t.position), 0) from farandole.token_entry t)
                 + (select coalesce(max(j.position), 0) from farandole.journal j)
            """;

    private static final int QUIET_LOOKS = 75;

    /** Rows that were read by scanning a whole table; tables of a handful of rows left out. */
    private static final String SCANNED =
            """
            select coalesce(sum(seq_tup_read), 0) from pg_stat_user_tables where schemaname in ('farandole', 'app')
                and relname not in ('token_entry', 'relay_position', 'parked_process', 'parked_event')
            """;

    private final Workload workload;
    private final ShopOnTheBench bench;
    private final RunningShop shop;
    private final Map<String, Connection> databases = new LinkedHashMap<>();
    private final BooksOfARun books = new BooksOfARun(databases);
    private final Map<String, OrderCopies> copies = new LinkedHashMap<>();
    private final Orders orders;
    private long placed;
    private int placedSinceStart;
    private long copied;
    private boolean running = true;
    private boolean kept;
    private @Nullable Duration lastStart;
    private @Nullable WatchedOrders watched;

    /** That shop, with its shelves filled; it is closed with this. */
    GrowingShop(Workload workload, ShopOnTheBench bench) throws Exception {
        this.workload = workload;
        this.bench = bench;
        shop = bench.shop();
        boolean open = false;
        try {
            for (String context : CONTEXTS) {
                databases.put(context, bench.records().connection(context));
                // What the benchmark itself asks is not to be found among the scans that it counts.
                execute(context, "set enable_seqscan = off");
            }
            orders = new Orders(shop.service("order").address(), workload.items());
            Orders.fillShelves(shop.service("stock").address(), workload.items());
            open = true;
        } finally {
            if (!open) {
                close();
            }
        }
    }

    private void watch() throws SQLException {
        if (!running) {
            throw new IllegalStateException("The services are stopped");
        }
        if (watched != null) {
            return;
        }
        long from = number("order", "select last_value from farandole.journal_position");
        watched = WatchedOrders.start(orders::place, () -> EndsOfOrders.in(shop.database("order")), from);
    }

    private void unwatch() {
        WatchedOrders watching = watched;
        if (watching != null) {
            watching.close();
            watched = null;
        }
    }

    /** Whether closing leaves it open, unless it is stopped. */
    void keep(boolean open) {
        kept = open;
    }

    /** Whether its services run. */
    boolean isRunning() {
        return running;
    }

    /** Whether nobody has placed an order. */
    boolean isUnused() {
        return placedSinceStart == 0 && lastStart == null;
    }

    /** Whether its databases hold copies of orders. */
    boolean hasGrown() {
        return copied > 0;
    }

    /** The shop with its proxies, for a benchmark that loads it in its own way. */
    ShopOnTheBench bench() {
        return bench;
    }

    /** Says that so many orders have been placed past this. */
    void notePlaced(int orders) {
        placedSinceStart += orders;
    }

    PostgresServer postgres() {
        return shop.postgres().server();
    }

    /** Places orders whose payments the provider will never answer for; their ids. */
    List<String> placeUnanswered(List<OrderSpec> wanted) {
        return wanted.stream()
                .map(order -> apart().place(order, "tok_down").join())
                .toList();
    }

    /** Places orders that no load counts, and waits for their ends; their ids. */
    List<String> placeAndEnd(List<OrderSpec> wanted) throws SQLException {
        Orders apart = apart();
        List<String> ids =
                wanted.stream().map(order -> apart.place(order).join()).toList();
        books.settle(ids);
        return ids;
    }

    private Orders apart() {
        return new Orders(shop.service("order").address(), workload.items());
    }

    @Override
    public CompletionStage<Boolean> place(OrderSpec order) {
        WatchedOrders watching = watched;
        if (watching == null) {
            throw new IllegalStateException("Nobody looks for the ends of orders");
        }
        return watching.place(order);
    }

    /**
     * Places orders, as many in flight as said, until these services have had so many since they were started; how many they have
     * had then, those included that a load has placed.
     */
    int warmUp(int orders, int inFlight) throws Exception {
        if (placedSinceStart < orders) {
            saturate(orders - placedSinceStart, inFlight);
        }
        return placedSinceStart;
    }

    /** As many in flight as said, until so many are complete and everything that they have set off is done and checked. */
    LoadResult saturate(int count, int inFlight) throws Exception {
        watch();
        return checked(count, Load.saturate(this, workload, placed, count, inFlight));
    }

    /** At a rate that waits for nobody; checked likewise. */
    LoadResult open(int perSecond, int seconds) throws Exception {
        watch();
        return checked(perSecond * seconds, Load.open(this, workload, placed, perSecond, Duration.ofSeconds(seconds)));
    }

    private LoadResult checked(int count, LoadResult result) throws SQLException {
        placed += count;
        placedSinceStart += count;
        if (result.failed() > 0 || result.orders() != count) {
            throw new VoidRunException("three services", List.of(result.toString()));
        }
        VoidRunException.ifAny("three services", books().faults(workload, 0, placed));
        return result;
    }

    @Override
    public Books books() throws SQLException {
        books.settle(orders.accepted());
        return books.books(workload.pieces());
    }

    /** Waits until relays are at the ends of the journals and no processor has come further for a second and a half. */
    void rest() throws SQLException {
        for (String context : CONTEXTS) {
            await(context, UNSENT, 0);
        }
        awaitQuiet();
    }

    /** Waits until the services {@linkplain #rest rest}, and ends them as {@code kill -9} does. */
    void stop() throws SQLException, InterruptedException {
        rest();
        unwatch();
        running = false;
        for (String context : CONTEXTS) {
            shop.service(context).kill();
        }
    }

    /** Waits for a number that a query on a context's database answers. */
    void await(String context, String query, long expected) throws SQLException {
        bring(context, "", query, expected);
    }

    /** Does this to a context's database again and again, until a query answers that number. */
    void bring(String context, String change, String query, long expected) throws SQLException {
        long start = System.nanoTime();
        while (true) {
            if (!change.isEmpty()) {
                execute(context, change);
            }
            long found = number(context, query);
            if (found == expected) {
                return;
            }
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IllegalStateException(
                        "In " + context + " it is " + found + " instead of " + expected + ": " + query);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private void awaitQuiet() throws SQLException {
        long start = System.nanoTime();
        long last = -1;
        for (int quiet = 0; quiet < QUIET_LOOKS; quiet++) {
            long now = 0;
            for (String context : CONTEXTS) {
                now += number(context, PROGRESS);
            }
            if (now != last) {
                quiet = 0;
                last = now;
            }
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IllegalStateException("The processors do not come to rest");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** Starts the stopped services, all at once; until the last of them is ready. */
    Duration start() {
        long start = System.nanoTime();
        CONTEXTS.forEach(context -> shop.service(context).start());
        CONTEXTS.stream().map(shop::service).forEach(ServiceProcess::awaitReady);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        running = true;
        placedSinceStart = 0;
        lastStart = took;
        return took;
    }

    /** How long the services took to start again; empty if they were not stopped yet: the first start fills empty databases. */
    Optional<Duration> lastStart() {
        return Optional.ofNullable(lastStart);
    }

    /** Takes these orders, of services at rest, as the template of all copies from now on; the order at an index has bought product {@code p-<index>}. */
    void take(List<String> template) throws SQLException {
        for (String context : CONTEXTS) {
            copies.put(context, new OrderCopies(context, connection(context), template));
        }
        for (OrderCopies following : copies.values()) {
            for (Map.Entry<String, OrderCopies> producer : copies.entrySet()) {
                following.follow(producer.getKey(), producer.getValue().ordinals());
            }
        }
    }

    /** How many events the journal of a context gets with each copy. */
    int eventsPerCopy(String context) {
        return copiesOf(context).eventsPerCopy();
    }

    /** Copies the template so many times into the databases of these contexts; the services must be stopped. */
    void grow(int times, List<String> contexts) throws Exception {
        Map<String, Long> positions = new LinkedHashMap<>();
        Map<String, Integer> perCopy = new LinkedHashMap<>();
        for (String context : CONTEXTS) {
            positions.put(context, copiesOf(context).position());
            perCopy.put(context, copiesOf(context).eventsPerCopy());
        }
        for (String context : contexts) {
            copiesOf(context).add(copied, times, workload.items(), positions, perCopy);
        }
        copied += times;
        execute("order", "checkpoint");
    }

    private OrderCopies copiesOf(String context) {
        OrderCopies found = copies.get(context);
        if (found == null) {
            throw new IllegalStateException("No orders have been taken as a template");
        }
        return found;
    }

    /** Mebibytes that the services hold after a full collection, by context. */
    Map<String, Double> heap() throws IOException, InterruptedException {
        Map<String, Long> processes = new LinkedHashMap<>(shop.processes());
        processes.keySet().retainAll(CONTEXTS);
        // What a first collection finds unreachable may still have to be dequeued.
        Heap.usedAfterCollection(processes);
        return Heap.usedAfterCollection(processes);
    }

    /** Rows that all contexts have read by scanning whole tables; as of a second ago. */
    long scannedRows() throws SQLException {
        LockSupport.parkNanos(STATISTICS_NANOS);
        long rows = 0;
        for (String context : CONTEXTS) {
            rows += number(context, SCANNED);
        }
        return rows;
    }

    long number(String context, String query) throws SQLException {
        try (Statement statement = connection(context).createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        }
    }

    void execute(String context, String sql) throws SQLException {
        try (Statement statement = connection(context).createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection connection(String context) {
        Connection connection = databases.get(context);
        if (connection == null) {
            throw new IllegalArgumentException("No database of " + context);
        }
        return connection;
    }

    @Override
    public void close() {
        if (kept && running) {
            return;
        }
        unwatch();
        bench.close();
    }
}
