package io.farandole.bench;

import io.farandole.acceptance.shop.ServiceProcess;
import io.farandole.bench.load.Books;
import io.farandole.bench.load.Load;
import io.farandole.bench.load.LoadResult;
import io.farandole.bench.load.LoadTarget;
import io.farandole.bench.load.OrderSpec;
import io.farandole.bench.load.Workload;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Ours as three services: orders are placed over HTTP, and their ends are seen in the order journal.
 */
final class ThreeServices implements Contender, LoadTarget, Traffic.Desk {

    private static final List<String> JAVA_OPTIONS = List.of("-Xmx512m");
    private static final List<String> QUICK_JAVA_OPTIONS = List.of("-Xmx384m", "-XX:TieredStopAtLevel=1");

    private final Workload workload;
    private final ShopOnTheBench shop;
    private final Orders orders;
    private final WatchedOrders watched;

    /** To be compared: with the payment provider in payment's JVM, unless quick, for the benchmarks that share it then add instances. */
    ThreeServices(Workload workload, Settings settings) throws Exception {
        this(
                workload,
                settings.quick()
                        ? ShopOnTheBench.uncounted(settings, Map.of())
                        : ShopOnTheBench.withProviderInPayment(javaOptions(settings)));
    }

    /** In this shop, which is closed with it. */
    ThreeServices(Workload workload, ShopOnTheBench shop) throws Exception {
        this.workload = workload;
        this.shop = shop;
        boolean filled = false;
        try {
            orders = new Orders(shop.address("order"), workload.items());
            Orders.fillShelves(shop.address("stock"), workload.items());
            filled = true;
        } finally {
            if (!filled) {
                shop.close();
            }
        }
        watched = WatchedOrders.start(orders::place, shop::endsOfOrders, 0);
    }

    @Override
    public String name() {
        return "three services";
    }

    @Override
    public CompletionStage<Boolean> place(OrderSpec order) {
        return watched.place(order);
    }

    @Override
    public CompletableFuture<String> accept(OrderSpec order) {
        return orders.place(order);
    }

    @Override
    public CompletableFuture<Boolean> end(String orderId) {
        return watched.end(orderId);
    }

    /**
     * Options for the services' Java machines: when quick only the first compiler works, for with both a start takes twice as
     * long, and Java is still compiled for most of what is measured.
     */
    static List<String> javaOptions(Settings settings) {
        return settings.quick() ? QUICK_JAVA_OPTIONS : JAVA_OPTIONS;
    }

    /** The shop whose services these are. */
    ShopOnTheBench shop() {
        return shop;
    }

    /** Whether these services have had as many orders as a benchmark warms them up with; a killed one starts anew all the same. */
    boolean hadOrders(int warmUp) {
        return orders.accepted().size() >= warmUp;
    }

    /** Starts one more instance of every service; orders go to all instances of the order service from then on. */
    void addInstances() {
        shop.shop().addInstances();
        List<ServiceProcess> instances = shop.shop().instances("order");
        orders.alsoTo(instances.get(instances.size() - 1).address());
    }

    @Override
    public LoadResult saturate(long first, int count, int inFlight) throws InterruptedException {
        return Load.saturate(this, workload, first, count, inFlight);
    }

    @Override
    public LoadResult open(long first, double rate, Duration duration) throws InterruptedException {
        return Load.open(this, workload, first, rate, duration);
    }

    @Override
    public Books books() throws SQLException {
        shop.settle();
        return shop.records().books();
    }

    @Override
    public List<?> moreFaults() throws Exception {
        return shop.violations(orders.accepted());
    }

    @Override
    public Map<String, Long> processes() {
        return shop.processes();
    }

    @Override
    public List<String> guarantees() {
        return List.of("Effects are exactly once, parked where they fail, and survive the death of every process.");
    }

    @Override
    public void close() {
        watched.close();
        shop.close();
    }
}
