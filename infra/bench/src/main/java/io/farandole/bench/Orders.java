package io.farandole.bench;

import io.farandole.bench.load.OrderSpec;
import io.farandole.bench.load.Workload;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.json.JsonMapper;

/** Customers over HTTP: of every hundred orders five are paid with a card that is declined. Thread-safe. */
final class Orders {

    private static final int RECEIPTS_AT_ONCE = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final List<URI> orders = new CopyOnWriteArrayList<>();
    private final int products;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final AtomicInteger number = new AtomicInteger();

    /** To the order service at this address, for the products {@code p-0}, {@code p-1} and so on, in turn. */
    Orders(URI order, int products) {
        this.products = products;
        alsoTo(order);
    }

    /** From now on orders go to this instance of the order service too, in turn with the others. */
    void alsoTo(URI order) {
        orders.add(order.resolve("/orders"));
    }

    /** Ids of the orders that were answered 202. */
    Set<String> accepted() {
        return accepted;
    }

    /** Places one; fails unless it is answered 202. */
    CompletableFuture<Void> place() {
        return place(new Workload(products).order(number.getAndIncrement())).thenAccept(orderId -> {});
    }

    /**
     * Places this one and answers its id; fails with a {@link NotAcceptedException} if the answer is another than 202, with an
     * {@link java.io.IOException} if there is no answer: such an order may have been taken or not.
     */
    CompletableFuture<String> place(OrderSpec order) {
        return place(order, order.declined() ? "tok_declined" : "tok_ok");
    }

    /** Places this one with that payment token, which tells the payment provider how to behave. */
    CompletableFuture<String> place(OrderSpec order, String token) {
        HttpRequest request = HttpRequest.newBuilder(orders.get((int) (order.number() % orders.size())))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body(order, token)))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(answer -> {
            if (answer.statusCode() != 202) {
                throw new NotAcceptedException(
                        answer.statusCode(),
                        answer.headers().firstValue("Retry-After").isPresent(),
                        answer.body());
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
            HttpRequest request = receipt(stock, "p-" + product, Workload.PIECES);
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

    /** Puts so many pieces of a product on the shelf. */
    static void receive(URI stock, String productId, long pieces) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(receipt(stock, productId, pieces), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException("A receipt was answered " + answer.body());
        }
    }

    private static HttpRequest receipt(URI stock, String productId, long pieces) {
        return HttpRequest.newBuilder(stock.resolve("/products/" + productId + "/receipts"))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"quantity\":" + pieces + "}"))
                .build();
    }

    private static String body(OrderSpec order, String token) {
        return "{\"customerId\":\"" + order.customerId() + "\",\"paymentToken\":\"" + token
                + "\",\"lines\":[{\"productId\":\"" + order.productId()
                + "\",\"quantity\":1,\"unitPrice\":{\"amount\":\"9.90\",\"currency\":\"EUR\"}}]}";
    }
}
