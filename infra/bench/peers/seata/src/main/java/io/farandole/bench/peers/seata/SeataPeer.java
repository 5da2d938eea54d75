package io.farandole.bench.peers.seata;

import io.farandole.bench.load.Books;
import io.farandole.bench.load.ContenderProgram;
import io.farandole.bench.load.ContenderSettings;
import io.farandole.bench.load.LoadTarget;
import io.farandole.bench.load.OrderSpec;
import io.farandole.bench.load.Workload;
import io.seata.core.exception.TransactionException;
import io.seata.core.model.GlobalStatus;
import io.seata.rm.RMClient;
import io.seata.tm.TMClient;
import io.seata.tm.api.GlobalTransaction;
import io.seata.tm.api.GlobalTransactionContext;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Orders as global transactions of Seata in TCC mode. Each is launched by one thread, which waits for the server and for the
 * participants' databases; the server then calls the participants' second phase. Thread-safe.
 */
public final class SeataPeer implements LoadTarget {

    /** Threads that launch transactions. They wait most of the time. */
    static final int LAUNCHING = Integer.getInteger("contender.launching", 64);

    /** Threads that do what the server asks the participants to. */
    static final int WORKING = Integer.getInteger("contender.working", 32);

    /** Connections to each of the three databases. */
    static final int CONNECTIONS = Integer.getInteger("contender.connections", 20);

    private static final String GROUP = "farandole";
    private static final int TIMEOUT_MILLIS = 60_000;
    private static final long PATIENCE_SECONDS = 60;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Database orderDatabase;
    private final Database stockDatabase;
    private final Database paymentDatabase;
    private final Coordinator coordinator;
    private final Workload workload;
    private final Orders orders;
    private final Stock stock;
    private final Payments payments;
    private final OrderAction orderAction;
    private final StockAction stockAction;
    private final PaymentAction paymentAction;
    private final ExecutorService launching = Executors.newFixedThreadPool(LAUNCHING);
    private final AtomicInteger open = new AtomicInteger();

    private SeataPeer(ContenderSettings settings) throws Exception {
        workload = settings.workload();
        orderDatabase =
                Database.open("order", settings.orderUrl(), settings, CONNECTIONS).withFence();
        stockDatabase =
                Database.open("stock", settings.stockUrl(), settings, CONNECTIONS).withFence();
        paymentDatabase = Database.open("payment", settings.paymentUrl(), settings, CONNECTIONS)
                .withFence();
        coordinator = Coordinator.start(settings, orderDatabase);
        System.setProperty("service.vgroupMapping." + GROUP, "default");
        System.setProperty("service.default.grouplist", "127.0.0.1:" + coordinator.port());
        System.setProperty("transport.threadFactory.workerThreadSize", Integer.toString(WORKING));
        TMClient.init("shop", GROUP);
        RMClient.init("shop", GROUP);
        Participants participants = new Participants(Map.of(
                OrderAction.NAME, orderDatabase,
                StockAction.NAME, stockDatabase,
                PaymentAction.NAME, paymentDatabase));
        orders = new Orders(participants.jdbc(), orderDatabase);
        stock = new Stock(participants.jdbc(), stockDatabase, workload);
        payments = new Payments(participants.jdbc(), paymentDatabase);
        orderAction = participants.join(OrderAction.class, orders);
        stockAction = participants.join(StockAction.class, stock);
        paymentAction = participants.join(PaymentAction.class, payments);
    }

    /** The contender's program. */
    public static void main(String[] arguments) {
        ContenderProgram.run(SeataPeer::new);
    }

    @Override
    public CompletionStage<Boolean> place(OrderSpec order) {
        CompletableFuture<Boolean> end = new CompletableFuture<>();
        open.incrementAndGet();
        launching.execute(() -> {
            try {
                boolean confirmed = launch("o-" + order.number(), order);
                open.decrementAndGet();
                end.complete(confirmed);
            } catch (Exception unknown) {
                open.decrementAndGet();
                end.completeExceptionally(unknown);
            }
        });
        return end;
    }

    private boolean launch(String orderId, OrderSpec order) throws TransactionException {
        GlobalTransaction transaction = GlobalTransactionContext.createNew();
        transaction.begin(TIMEOUT_MILLIS, "order");
        boolean accepted;
        try {
            accepted = orderAction.place(null, orderId, order.customerId(), order.productId())
                    && stockAction.reserve(null, orderId, order.productId(), OrderSpec.QUANTITY)
                    && paymentAction.authorise(
                            null,
                            orderId,
                            OrderSpec.PRICE_MINOR,
                            order.declined() ? Payments.DECLINED_TOKEN : "tok_ok");
        } catch (RuntimeException failed) {
            transaction.rollback();
            throw failed;
        }
        if (accepted) {
            transaction.commit();
        } else {
            transaction.rollback();
        }
        GlobalStatus status = transaction.getLocalStatus();
        return status == GlobalStatus.Committed || status != GlobalStatus.Rollbacked && end(orderId);
    }

    /** The server goes on by itself where a participant has not answered at once. */
    private boolean end(String orderId) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        String state = orders.state(orderId);
        while (state == null || state.equals("placed")) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException(
                        "Order " + orderId + " has not come to its end within " + PATIENCE_SECONDS + " s");
            }
            LockSupport.parkNanos(LOOK_NANOS);
            state = orders.state(orderId);
        }
        return state.equals("confirmed");
    }

    @Override
    public Books books() {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (open.get() > 0 || branches() > 0) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("Branches are still open after " + PATIENCE_SECONDS + " s");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        Orders.Count count = orders.count();
        Stock.Count pieces = stock.count();
        Payments.Count money = payments.count();
        return new Books(
                count.confirmed(),
                count.cancelled(),
                count.undecided(),
                workload.pieces(),
                pieces.available(),
                pieces.reserved(),
                pieces.sold(),
                money.capturedMinor(),
                money.authorisedMinor());
    }

    /** Branches that the server has not done with. */
    private long branches() {
        return orderDatabase.jdbc().queryForObject("select count(*) from branch_table", Long.class);
    }

    @Override
    public void close() {
        launching.shutdown();
        coordinator.close();
        orderDatabase.close();
        stockDatabase.close();
        paymentDatabase.close();
    }
}
