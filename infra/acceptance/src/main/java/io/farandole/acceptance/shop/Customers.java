package io.farandole.acceptance.shop;

import io.farandole.messaging.JsonCodec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/**
 * Customers who order all the time, through every fault: an answer that does not come, or a 5xx, is unknown, and is asked for
 * again under the same idempotency key. Of a hundred orders five are declined, five want what is not there, two pay slowly
 * and two meet a provider that fails at first.
 */
public final class Customers {

    /** A product that there is enough of. */
    public static final String PLENTY = "p-plenty";
    /** A product that there is not enough of. */
    public static final String NOTHING = "p-nothing";

    private static final int CUSTOMERS = 8;
    private static final Duration PATIENCE_OF_A_CLIENT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Duration patience;
    private final List<URI> orders;
    private final JsonCodec json = new JsonCodec();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final Set<String> accepted = new ConcurrentSkipListSet<>();
    private final AtomicInteger placed = new AtomicInteger();
    private final AtomicInteger askedAgain = new AtomicInteger();

    /**
     * Customers of one shop.
     *
     * @param orders where the order service answers; of several instances, a customer who got no answer asks another one
     */
    public Customers(URI... orders) {
        this(PATIENCE, orders);
    }

    /**
     * Customers of one shop who have more patience, or less, than five minutes.
     *
     * @param patience how long an order is asked for again
     * @param orders where the order service answers
     */
    public Customers(Duration patience, URI... orders) {
        if (orders.length == 0) {
            throw new IllegalArgumentException("Customers need an order service");
        }
        this.patience = patience;
        this.orders = List.of(orders);
    }

    /** Ids of all orders that were answered 202. */
    public Set<String> accepted() {
        return accepted;
    }

    /** How many orders were accepted. */
    public int placed() {
        return placed.get();
    }

    /** How many requests had to be sent again. */
    public int askedAgain() {
        return askedAgain.get();
    }

    /** Asks once, with an ordinary client's patience. */
    public HttpResponse<String> askForOrders() throws IOException, InterruptedException {
        HttpRequest question = HttpRequest.newBuilder(orders.get(0).resolve("/orders"))
                .timeout(PATIENCE_OF_A_CLIENT)
                .build();
        return http.send(question, HttpResponse.BodyHandlers.ofString());
    }

    /** Orders once, as number 0 did, and under its key: so it is no other order, if it is accepted after all. */
    public HttpResponse<String> orderOnce() throws IOException, InterruptedException {
        return http.send(order(0, body(0, token(0), product(0)), orders.get(0)), HttpResponse.BodyHandlers.ofString());
    }

    /** Where the process of an order stands, in all contexts. */
    public JsonNode status(String orderId) throws IOException, InterruptedException {
        HttpRequest question = HttpRequest.newBuilder(orders.get(0).resolve("/saga/status?order_id=" + orderId))
                .timeout(PATIENCE_OF_A_CLIENT)
                .build();
        HttpResponse<String> answer = http.send(question, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("The status was answered " + answer.statusCode() + ": " + answer.body());
        }
        return json.readTree(answer.body());
    }

    /** Fills a shelf; asked twice, it is filled once. */
    public static void receive(URI stock, String product, long quantity) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        post(stock.resolve("/products/" + product + "/receipts"), "receipt-" + product)
                                .POST(HttpRequest.BodyPublishers.ofString("{\"quantity\":" + quantity + "}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException("Receiving " + product + " was answered " + answer.statusCode());
        }
    }

    /** Places so many orders; the future ends when all are accepted. */
    public List<Future<?>> order(int first, int count) {
        ExecutorService pool = Executors.newFixedThreadPool(CUSTOMERS);
        List<Future<?>> futures = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            int number = i;
            futures.add(pool.submit(() -> {
                place(number);
                return null;
            }));
        }
        pool.shutdown();
        return futures;
    }

    /** Returns when all are done; fails as the first one that failed did. */
    public static void await(List<Future<?>> futures) throws Exception {
        for (Future<?> future : futures) {
            future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Places one order, and asks again until it is accepted.
     *
     * @return its id
     * @throws IllegalStateException if it was refused for good, or not accepted within five minutes
     */
    public String place(int number) throws InterruptedException {
        return place(number, token(number), product(number));
    }

    /** The same with a payment token and a product of the caller's choice. */
    public String place(int number, String paymentToken, String product) throws InterruptedException {
        String body = body(number, paymentToken, product);
        long giveUp = System.nanoTime() + patience.toNanos();
        for (int attempt = 0; System.nanoTime() < giveUp; attempt++) {
            try {
                HttpResponse<String> answer = http.send(
                        order(number, body, orders.get((number + attempt) % orders.size())),
                        HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == 202) {
                    String orderId =
                            json.readTree(answer.body()).path("orderId").asString("");
                    accepted.add(orderId);
                    placed.incrementAndGet();
                    return orderId;
                }
                if (answer.statusCode() < 500 && answer.statusCode() != 409 && answer.statusCode() != 429) {
                    throw new IllegalStateException(
                            "Order " + number + " was answered " + answer.statusCode() + ": " + answer.body());
                }
            } catch (IOException e) {
                // Unknown: asked for again under the same key, after the pause below.
            }
            askedAgain.incrementAndGet();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
        throw new IllegalStateException("Order " + number + " was not accepted within " + patience);
    }

    /**
     * Says once that an order is not wanted any more: before the sale it is cancelled, after it returned.
     *
     * @return the status of the answer
     * @throws IOException if there is none: whether it was heard is unknown
     */
    public int cancel(String orderId) throws IOException, InterruptedException {
        return http.send(
                        post(orders.get(0).resolve("/orders/" + orderId + "/cancel"), "cancel-" + orderId)
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static HttpRequest order(int number, String body, URI service) {
        return post(service.resolve("/orders"), "order-" + number)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static HttpRequest.Builder post(URI address, String key) {
        return HttpRequest.newBuilder(address)
                .timeout(PATIENCE_OF_A_CLIENT)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key);
    }

    private static String token(int number) {
        int kind = number % 100;
        return kind < 5 ? "tok_declined" : kind < 7 ? "tok_slow" : kind < 9 ? "tok_flaky" : "tok_ok";
    }

    private static String product(int number) {
        int kind = number % 100;
        return kind >= 10 && kind < 15 ? NOTHING : PLENTY;
    }

    private static String body(int number, String paymentToken, String product) {
        return """
                {"customerId":"c-%d","paymentToken":"%s","lines":[
                 {"productId":"%s","quantity":%d,"unitPrice":{"amount":"9.90","currency":"EUR"}}]}"""
                .formatted(number, paymentToken, product, 1 + number % 3);
    }
}
