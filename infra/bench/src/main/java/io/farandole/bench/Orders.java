package io.farandole.bench;

import io.farandole.bench.load.OrderSpec;
import io.farandole.bench.load.Workload;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.json.JsonMapper;

/** Customers over HTTP: of every hundred orders five are paid with a card that is declined. Thread-safe. */
final class Orders {

    private static final int RECEIPTS_AT_ONCE = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final URI orders;
    private final int products;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final AtomicInteger number = new AtomicInteger();

    /** To the order service at this address, for the products {@code p-0}, {@code p-1} and so on, in turn. */
    Orders(URI order, int products) {
        this.orders = order.resolve("/orders");
        this.products = products;
    }

    /** Ids of the orders that were answered 202. */
    Set<String> accepted() {
        return accepted;
    }

    /** Places one; fails unless it is answered 202. */
    CompletableFuture<Void> place() {
        return place(new Workload(products).order(number.getAndIncrement())).thenAccept(orderId -> {});
    }

    /** Places this one and answers its id; fails unless it is answered 202. */
    CompletableFuture<String> place(OrderSpec order) {
        HttpRequest request = HttpRequest.newBuilder(orders)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body(order)))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(answer -> {
            if (answer.statusCode() != 202) {
                throw new IllegalStateException("An order was answered " + answer.statusCode() + ": " + answer.body());
            }
            String orderId = JSON.readTree(answer.body()).path("orderId").asString();
            accepted.add(orderId);
            return orderId;
        });
    }

    /** Puts plenty of every product on the shelf. */
    static void fillShelves(URI stock, int products) throws InterruptedException {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        Semaphore places = new Semaphore(RECEIPTS_AT_ONCE);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int product = 0; product < products; product++) {
            HttpRequest request = HttpRequest.newBuilder(stock.resolve("/products/p-" + product + "/receipts"))
                    .timeout(PATIENCE)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"quantity\":1000000}"))
                    .build();
            places.acquire();
            var unused = http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                    .whenComplete((answer, thrown) -> {
                        if (thrown != null) {
                            failure.set(thrown);
                        } else if (answer.statusCode() / 100 != 2) {
                            failure.set(new IllegalStateException("A receipt was answered " + answer.body()));
                        }
                        places.release();
                    });
        }
        places.acquire(RECEIPTS_AT_ONCE);
        if (failure.get() != null) {
            throw new IllegalStateException("The shelves could not be filled", failure.get());
        }
    }

    private static String body(OrderSpec order) {
        String token = order.declined() ? "tok_declined" : "tok_ok";
        return "{\"customerId\":\"" + order.customerId() + "\",\"paymentToken\":\"" + token
                + "\",\"lines\":[{\"productId\":\"" + order.productId()
                + "\",\"quantity\":1,\"unitPrice\":{\"amount\":\"9.90\",\"currency\":\"EUR\"}}]}";
    }
}
