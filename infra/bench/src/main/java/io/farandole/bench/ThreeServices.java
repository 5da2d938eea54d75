package io.farandole.bench;

import io.farandole.bench.load.Books;
import io.farandole.bench.load.Load;
import io.farandole.bench.load.LoadResult;
import io.farandole.bench.load.LoadTarget;
import io.farandole.bench.load.OrderSpec;
import io.farandole.bench.load.Workload;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * Ours as three services: orders are placed over HTTP, and their ends are seen in the order journal, looked at every
 * {@value #LOOK_MILLIS} ms.
 */
final class ThreeServices implements Contender, LoadTarget {

    private static final int LOOK_MILLIS = 5;
    private static final int UNANSWERED = 64;
    private static final long SWEEP_NANOS = 1_000_000_000L;

    private final Workload workload;
    private final ShopOnTheBench shop;
    private final Orders orders;
    private final Map<String, CompletableFuture<Boolean>> waiting = new HashMap<>();
    private final Map<String, Boolean> early = new HashMap<>();
    private final Semaphore unanswered = new Semaphore(UNANSWERED);
    private final Thread watcher;
    private volatile boolean open = true;

    ThreeServices(Workload workload) throws Exception {
        this.workload = workload;
        shop = ShopOnTheBench.uncounted(List.of("-Xmx512m"));
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
        watcher = new Thread(this::watch, "ends-of-orders");
        watcher.setDaemon(true);
        watcher.start();
    }

    @Override
    public String name() {
        return "three services";
    }

    @Override
    public CompletionStage<Boolean> place(OrderSpec order) {
        unanswered.acquireUninterruptibly();
        return orders.place(order)
                .whenComplete((orderId, failure) -> unanswered.release())
                .thenCompose(this::end);
    }

    private synchronized CompletableFuture<Boolean> end(String orderId) {
        Boolean confirmed = early.remove(orderId);
        if (confirmed != null) {
            return CompletableFuture.completedFuture(confirmed);
        }
        CompletableFuture<Boolean> end = new CompletableFuture<>();
        waiting.put(orderId, end);
        return end;
    }

    private void seen(String orderId, boolean confirmed, boolean mayBeEarly) {
        CompletableFuture<Boolean> end;
        synchronized (this) {
            end = waiting.remove(orderId);
            if (end == null && mayBeEarly) {
                early.put(orderId, confirmed);
            }
        }
        if (end != null) {
            end.complete(confirmed);
        }
    }

    /** A commit may come after one with a higher position; what was missed so is looked for by its key, once a second. */
    private void watch() {
        long position = 0;
        long swept = System.nanoTime();
        try (EndsOfOrders ends = shop.endsOfOrders()) {
            while (open) {
                position = ends.after(position, (orderId, confirmed) -> seen(orderId, confirmed, true));
                if (System.nanoTime() - swept > SWEEP_NANOS) {
                    List<String> missing;
                    synchronized (this) {
                        missing = List.copyOf(waiting.keySet());
                    }
                    ends.of(missing, (orderId, confirmed) -> seen(orderId, confirmed, false));
                    swept = System.nanoTime();
                }
                LockSupport.parkNanos(LOOK_MILLIS * 1_000_000L);
            }
        } catch (SQLException e) {
            synchronized (this) {
                waiting.values().forEach(end -> end.completeExceptionally(e));
            }
        }
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
        return shop.books();
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
        open = false;
        shop.close();
    }
}
