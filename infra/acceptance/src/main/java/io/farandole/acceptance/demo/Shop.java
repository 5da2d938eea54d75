package io.farandole.acceptance.demo;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The shop as its customers and clerks reach it: over HTTP only. Thread-safe. */
final class Shop {

    /**
     * An order as it is told.
     *
     * @param reason empty if there is none
     * @param waitingUntil empty if it does not wait for goods
     */
    record OrderState(String status, String reason, String waitingUntil) {}

    /** What was taken for an order, and given back. */
    record PaymentState(String status, BigDecimal captured, BigDecimal refunded) {
        static final PaymentState NONE = new PaymentState("none", BigDecimal.ZERO, BigDecimal.ZERO);
    }

    /** How much there is of a product. */
    record ProductState(long available, long reserved, long sold) {}

    /** What the payment provider holds about an order, in minor units. */
    record LedgerState(long authorized, long captured, long refunded, boolean hanging) {
        static final LedgerState NONE = new LedgerState(0, 0, 0, false);
    }

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .build();
    private final String orders; // where they are placed
    private final String stock;
    private final String payments;
    private final String provider;

    Shop(String orders, String stock, String payments, String provider) {
        this(orders, "/orders", stock, payments, provider);
    }

    /** @param path of the orders: danced, or conducted */
    Shop(String orders, String path, String stock, String payments, String provider) {
        this.orders = orders + path;
        this.stock = stock;
        this.payments = payments;
        this.provider = provider;
    }

    void receive(String productId, long quantity, String idempotencyKey) throws IOException, InterruptedException {
        post(stock + "/products/" + productId + "/receipts", "{\"quantity\":" + quantity + "}", idempotencyKey);
    }

    /** Answers the order's id. */
    String place(DemoOrder order, String idempotencyKey) throws IOException, InterruptedException {
        return place(order.json(), idempotencyKey);
    }

    /** Answers the order's id. */
    String place(String order, String idempotencyKey) throws IOException, InterruptedException {
        return text(Json.object(post(orders, order, idempotencyKey)), "orderId");
    }

    void cancel(String orderId, String idempotencyKey) throws IOException, InterruptedException {
        post(orders + "/" + orderId + "/cancel", "", idempotencyKey);
    }

    OrderState order(String orderId) throws IOException, InterruptedException {
        Map<?, ?> order = Json.object(get(orders + "/" + orderId)
                .orElseThrow(() -> new IOException("Order " + orderId + " was accepted, and cannot be found")));
        return new OrderState(text(order, "status"), text(order, "reason"), text(order, "waitingUntil"));
    }

    PaymentState payment(String orderId) throws IOException, InterruptedException {
        Optional<String> answer = get(payments + "/payments/" + orderId);
        if (answer.isEmpty()) {
            return PaymentState.NONE;
        }
        Map<?, ?> payment = Json.object(answer.get());
        return new PaymentState(
                text(payment, "status"), amount(payment.get("captured")), amount(payment.get("refunded")));
    }

    ProductState product(String productId) throws IOException, InterruptedException {
        Map<?, ?> product = Json.object(get(stock + "/products/" + productId)
                .orElseThrow(() -> new IOException("Product " + productId + " came in, and cannot be found")));
        return new ProductState(
                number(product, "available").longValueExact(),
                number(product, "reserved").longValueExact(),
                number(product, "sold").longValueExact());
    }

    /** What the provider holds, by order id. */
    Map<String, LedgerState> ledger() throws IOException, InterruptedException {
        Object ledger = Json.read(get(provider + "/ledger").orElse("[]"));
        Map<String, LedgerState> byOrder = new HashMap<>();
        for (Object entry : ledger instanceof List<?> entries ? entries : List.of()) {
            if (entry instanceof Map<?, ?> held) {
                long authorized = number(held, "authorized").longValueExact();
                long captured = number(held, "captured").longValueExact();
                boolean hanging = authorized > 0 && captured == 0 && !Boolean.TRUE.equals(held.get("voided"));
                byOrder.put(
                        text(held, "paymentId"),
                        new LedgerState(
                                authorized, captured, number(held, "refunded").longValueExact(), hanging));
            }
        }
        return byOrder;
    }

    private String post(String url, String body, String idempotencyKey) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(REQUEST_TIMEOUT)
                .header("idempotency-key", idempotencyKey)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("content-type", "application/json");
        }
        HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException("POST " + url + " was answered " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }

    /** Empty if there is no such thing. */
    private Optional<String> get(String url) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url)).timeout(REQUEST_TIMEOUT).build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() == 404) {
            return Optional.empty();
        }
        if (response.statusCode() != 200) {
            throw new IOException("GET " + url + " was answered " + response.statusCode() + ": " + response.body());
        }
        return Optional.of(response.body());
    }

    /** The text of a field; empty if it is absent. */
    private static String text(Map<?, ?> object, String field) {
        Object value = object.get(field);
        return value == null ? "" : value.toString();
    }

    private static BigDecimal number(Map<?, ?> object, String field) {
        return object.get(field) instanceof BigDecimal number ? number : BigDecimal.ZERO;
    }

    /** An amount of money, {@code {"amount":"9.90","currency":"EUR"}}; zero if it is absent. */
    private static BigDecimal amount(@Nullable Object money) {
        if (money instanceof Map<?, ?> object && object.get("amount") != null) {
            return new BigDecimal(text(object, "amount"));
        }
        return BigDecimal.ZERO;
    }
}
