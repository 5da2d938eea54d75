package io.farandole.bench.peers.lra;

import io.farandole.bench.load.Books;
import io.farandole.bench.load.ContenderProgram;
import io.farandole.bench.load.ContenderSettings;
import io.farandole.bench.load.LoadTarget;
import io.farandole.bench.load.OrderSpec;
import io.farandole.bench.load.Workload;
import io.narayana.lra.client.internal.NarayanaLRAClient;
import io.narayana.lra.filter.ServerLRAFilter;
import io.narayana.lra.provider.ParticipantStatusOctetStreamProvider;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Orders as long-running actions of Narayana: a request to the order service, which asks stock and payment; then the coordinator
 * calls each of them to complete or to compensate. All over HTTP on loopback. Thread-safe.
 */
public final class LraPeer implements LoadTarget {

    /** Orders that are under way at a time; others wait. */
    static final int PLACING = Integer.getInteger("contender.placing", 32);

    /**
     * Threads of each service and of the coordinator: more than orders can be under way, for an order's request waits for calls
     * to all of them, the order service included.
     */
    static final int THREADS = 3 * PLACING;

    /** Connections to each of the three databases. */
    static final int CONNECTIONS = Integer.getInteger("contender.connections", 20);

    private static final long PATIENCE_SECONDS = 60;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Database orderDatabase;
    private final Database stockDatabase;
    private final Database paymentDatabase;
    private final Workload workload;
    private final CoordinatorProcess coordinator;
    private final Client client;
    private final OrderResource orders;
    private final StockResource stock;
    private final PaymentResource payments;
    private final Web orderService;
    private final Web stockService;
    private final Web paymentService;
    private final ExecutorService placing = Executors.newFixedThreadPool(PLACING);
    private final AtomicInteger open = new AtomicInteger();

    private LraPeer(ContenderSettings settings) throws IOException {
        workload = settings.workload();
        orderDatabase = Database.open("order", settings.orderUrl(), settings, CONNECTIONS);
        stockDatabase = Database.open("stock", settings.stockUrl(), settings, CONNECTIONS);
        paymentDatabase = Database.open("payment", settings.paymentUrl(), settings, CONNECTIONS);
        coordinator = CoordinatorProcess.start(THREADS);
        System.setProperty(NarayanaLRAClient.LRA_COORDINATOR_URL_KEY, coordinator.url());
        System.setProperty("lra.internal.client.timeout", Long.toString(PATIENCE_SECONDS));
        client = ClientBuilder.newClient();
        stock = new StockResource(stockDatabase, workload);
        stockService = serve(stock);
        payments = new PaymentResource(paymentDatabase);
        paymentService = serve(payments);
        orders = new OrderResource(
                orderDatabase, client, stockService.url() + "/reservations", paymentService.url() + "/charges");
        orderService = serve(orders);
    }

    private static Web serve(Object participant) {
        return Web.serve(
                THREADS,
                List.of(participant),
                List.of(),
                List.of(ServerLRAFilter.class, ParticipantStatusOctetStreamProvider.class));
    }

    /** The contender's program. */
    public static void main(String[] arguments) {
        System.setProperty("java.util.logging.config.class", QuietLogging.class.getName());
        ContenderProgram.run(LraPeer::new);
    }

    @Override
    public CompletionStage<Boolean> place(OrderSpec order) {
        CompletableFuture<Boolean> end = new CompletableFuture<>();
        open.incrementAndGet();
        placing.execute(() -> {
            try {
                boolean confirmed = request("o-" + order.number(), order);
                open.decrementAndGet();
                end.complete(confirmed);
            } catch (RuntimeException unknown) {
                open.decrementAndGet();
                end.completeExceptionally(unknown);
            }
        });
        return end;
    }

    /** The answer comes when the action has ended. Whether it was in doubt for a while is for the order's row to say. */
    private boolean request(String orderId, OrderSpec order) {
        try (Response response = client.target(orderService.url())
                .path("orders")
                .queryParam("id", orderId)
                .queryParam("customer", order.customerId())
                .queryParam("product", order.productId())
                .queryParam("token", order.declined() ? PaymentResource.DECLINED_TOKEN : "tok_ok")
                .request()
                .post(Entity.text(""))) {
            if (response.getStatus() != Response.Status.OK.getStatusCode()
                    && response.getStatus() != Response.Status.CONFLICT.getStatusCode()) {
                throw new IllegalStateException("The order service answered " + response.getStatus() + ": "
                        + response.readEntity(String.class));
            }
        }
        return end(orderId);
    }

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
        while (open.get() > 0
                || orders.count().undecided() > 0
                || stock.count().reserved() > 0
                || payments.count().authorisedMinor() > 0) {
            if (System.nanoTime() > until) {
                break;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        OrderResource.Count count = orders.count();
        StockResource.Count pieces = stock.count();
        PaymentResource.Count money = payments.count();
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

    @Override
    public void close() {
        placing.shutdown();
        orderService.close();
        stockService.close();
        paymentService.close();
        coordinator.close();
        orderDatabase.close();
        stockDatabase.close();
        paymentDatabase.close();
    }
}
