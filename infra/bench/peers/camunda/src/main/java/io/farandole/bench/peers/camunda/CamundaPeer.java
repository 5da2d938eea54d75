package io.farandole.bench.peers.camunda;

import io.farandole.bench.load.Books;
import io.farandole.bench.load.ContenderProgram;
import io.farandole.bench.load.ContenderSettings;
import io.farandole.bench.load.LoadTarget;
import io.farandole.bench.load.OrderSpec;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Orders as processes of an embedded Camunda engine whose tables are in the order database. Placing an order inserts it and
 * starts its process in one transaction; the job executor does the rest. Thread-safe.
 */
public final class CamundaPeer implements LoadTarget {

    /** Threads that place orders. They only wait for commits, which PostgreSQL groups. */
    static final int PLACING = 8;

    /** Threads of the job executor. */
    static final int JOBS = 16;

    private static final long PATIENCE_SECONDS = 60;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Database orderDatabase;
    private final Database stockDatabase;
    private final Database paymentDatabase;
    private final Orders orders;
    private final Stock stock;
    private final Payments payments;
    private final OrderProcess process;
    private final TransactionTemplate transaction;
    private final ExecutorService placing = Executors.newFixedThreadPool(PLACING);
    private final Map<String, CompletableFuture<Boolean>> open = new ConcurrentHashMap<>();

    private CamundaPeer(ContenderSettings settings) {
        orderDatabase = Database.open("order", settings.orderUrl(), settings, PLACING + JOBS + 4);
        stockDatabase = Database.open("stock", settings.stockUrl(), settings, JOBS);
        paymentDatabase = Database.open("payment", settings.paymentUrl(), settings, JOBS);
        orders = new Orders(orderDatabase.jdbc());
        stock = new Stock(stockDatabase.jdbc(), settings.workload());
        payments = new Payments(paymentDatabase.jdbc());
        transaction = new TransactionTemplate(orderDatabase.transactions());
        process = OrderProcess.start(orderDatabase, JOBS, new Steps(orders, stock, payments, this::ended).byName());
    }

    /** The contender's program. */
    public static void main(String[] arguments) {
        ContenderProgram.run(CamundaPeer::new);
    }

    @Override
    public CompletionStage<Boolean> place(OrderSpec order) {
        String orderId = "o-" + order.number();
        CompletableFuture<Boolean> end = new CompletableFuture<>();
        open.put(orderId, end);
        placing.execute(() -> {
            try {
                transaction.executeWithoutResult(status -> {
                    orders.place(orderId, order);
                    process.start(orderId);
                });
            } catch (RuntimeException refused) {
                open.remove(orderId);
                end.completeExceptionally(refused);
            }
        });
        return end;
    }

    private void ended(String orderId, boolean confirmed) {
        CompletableFuture<Boolean> end = open.remove(orderId);
        if (end != null) {
            end.complete(confirmed);
        }
    }

    @Override
    public Books books() {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (process.running() > 0) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("Processes still run after " + PATIENCE_SECONDS + " s");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        Orders.Count count = orders.count();
        Stock.Count pieces = stock.count();
        return new Books(
                count.confirmed(),
                count.cancelled(),
                count.undecided(),
                stock.received(),
                pieces.available(),
                pieces.reserved(),
                pieces.sold(),
                payments.capturedMinor(),
                0);
    }

    @Override
    public void close() {
        placing.shutdown();
        process.close();
        orderDatabase.close();
        stockDatabase.close();
        paymentDatabase.close();
    }
}
