package io.farandole.acceptance.patterns;

import io.farandole.messaging.JsonCodec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Orders pieces of one product, one each, and looks what has become of the orders. Thread-safe. */
final class Shopper {

    private final URI orders;
    private final String product;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final JsonCodec json = new JsonCodec();

    Shopper(URI orders, String product) {
        this.orders = orders;
        this.product = product;
    }

    /**
     * Places an order; answers its id.
     *
     * @param waitUpTo empty if it does not wait
     */
    String order(String customer, String token, String waitUpTo) throws IOException, InterruptedException {
        HttpResponse<String> answer = ask(customer, token, waitUpTo);
        if (answer.statusCode() != 202) {
            throw new IllegalStateException("The order was answered " + answer.statusCode() + ": " + answer.body());
        }
        return idIn(answer);
    }

    /** The same, with whatever is answered; the customer's name is its idempotency key, so an order may be asked for again. */
    HttpResponse<String> ask(String customer, String token, String waitUpTo) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(orders.resolve("/orders"))
                        .timeout(Duration.ofSeconds(20))
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", product + "-" + customer)
                        .POST(HttpRequest.BodyPublishers.ofString(body(customer, token, waitUpTo)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** An order of one piece. */
    String body(String customer, String token, String waitUpTo) {
        return """
                {"customerId":"%s","paymentToken":"%s",%s"lines":[
                 {"productId":"%s","quantity":1,"unitPrice":{"amount":"9.90","currency":"EUR"}}]}"""
                .formatted(customer, token, waitUpTo.isEmpty() ? "" : "\"waitUpTo\":\"" + waitUpTo + "\",", product);
    }

    /** The order's id in a ticket. */
    String idIn(HttpResponse<String> ticket) {
        return json.readTree(ticket.body()).path("orderId").asString("");
    }

    /** A text that the order is told with; null if it is absent. */
    @Nullable String field(String orderId, String name) throws IOException, InterruptedException {
        JsonNode value = get("/orders/" + orderId).path(name);
        return value.isString() ? value.stringValue() : null;
    }

    /** Where a step of its process stands in a context; empty if it is not there. */
    String step(String orderId, String context, String step) throws IOException, InterruptedException {
        for (JsonNode part : get("/saga/status?order_id=" + orderId).path("contexts")) {
            if (part.path("context").asString("").equals(context)) {
                for (JsonNode node : part.findParents("step")) {
                    if (node.path("step").asString("").equals(step)) {
                        return node.path("status").asString("");
                    }
                }
            }
        }
        return "";
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(orders.resolve(path))
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(path + " was answered " + answer.statusCode() + ": " + answer.body());
        }
        return json.readTree(answer.body());
    }
}
