package io.farandole.bench;

import io.farandole.bench.load.OrderSpec;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Orders that are placed, and their ends, which are seen in the order journal, looked at every {@value #LOOK_MILLIS} ms.
 * Thread-safe. Closing it ends the looking, and nothing else.
 */
final class WatchedOrders implements AutoCloseable {

    private static final int LOOK_MILLIS = 5;
    private static final int UNANSWERED = 64;
    private static final long SWEEP_NANOS = 1_000_000_000L;

    /** The oldest, so that a sweep during an outage asks for no more than that. */
    private static final int SWEPT_AT_MOST = 1_000;

    private final Desk desk;
    private final Ends source;
    private final long from;
    private final Map<String, CompletableFuture<Boolean>> waiting = new LinkedHashMap<>();
    private final Map<String, Boolean> early = new HashMap<>();
    private final Semaphore unanswered = new Semaphore(UNANSWERED);
    private @Nullable Throwable blind;
    private volatile boolean open = true;

    /** Opens a connection to look for ends. */
    interface Ends {
        EndsOfOrders open() throws SQLException;
    }

    /** Takes an order and completes with its id, or exceptionally unless it is accepted. */
    interface Desk {
        CompletableFuture<String> place(OrderSpec order);
    }

    private WatchedOrders(Desk desk, Ends source, long from) {
        this.desk = desk;
        this.source = source;
        this.from = from;
    }

    /**
     * Starts to look for ends.
     *
     * @param from the position in the order journal after which ends are looked for; 0 is its beginning
     */
    static WatchedOrders start(Desk desk, Ends source, long from) {
        WatchedOrders watched = new WatchedOrders(desk, source, from);
        Thread watcher = new Thread(watched::watch, "ends-of-orders");
        watcher.setDaemon(true);
        watcher.start();
        return watched;
    }

    /** Ends with whether the order is confirmed, once it is decided durably; fails unless it is accepted. */
    CompletionStage<Boolean> place(OrderSpec order) {
        unanswered.acquireUninterruptibly();
        return desk.place(order)
                .whenComplete((orderId, failure) -> unanswered.release())
                .thenCompose(this::end);
    }

    /** Completes with whether an accepted order is confirmed, once it is decided durably. */
    synchronized CompletableFuture<Boolean> end(String orderId) {
        Boolean confirmed = early.remove(orderId);
        if (confirmed != null) {
            return CompletableFuture.completedFuture(confirmed);
        }
        if (blind != null) {
            return CompletableFuture.failedFuture(blind);
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
        long position = from;
        long swept = System.nanoTime();
        try (EndsOfOrders ends = source.open()) {
            while (open) {
                position = ends.after(position, (orderId, confirmed) -> seen(orderId, confirmed, true));
                if (System.nanoTime() - swept > SWEEP_NANOS) {
                    List<String> missing;
                    synchronized (this) {
                        missing = waiting.keySet().stream().limit(SWEPT_AT_MOST).toList();
                    }
                    ends.of(missing, (orderId, confirmed) -> seen(orderId, confirmed, false));
                    // While nothing ends and much is placed, a look must not read all that was placed.
                    position = Math.max(position, ends.newest() - EndsOfOrders.LATE_POSITIONS);
                    swept = System.nanoTime();
                }
                LockSupport.parkNanos(LOOK_MILLIS * 1_000_000L);
            }
        } catch (SQLException | RuntimeException e) {
            // Nobody sees ends any more: neither those that are waited for nor those to come.
            List<CompletableFuture<Boolean>> lost;
            synchronized (this) {
                blind = e;
                lost = List.copyOf(waiting.values());
                waiting.clear();
            }
            lost.forEach(end -> end.completeExceptionally(e));
        }
    }

    @Override
    public void close() {
        open = false;
    }
}
