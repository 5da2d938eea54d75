package io.farandole.acceptance.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.farandole.acceptance.checker.ShopAddresses;
import io.farandole.acceptance.shop.Customers;
import io.farandole.acceptance.shop.RunningShop;
import io.farandole.acceptance.shop.RunningShop.Layout;
import io.farandole.testservers.Patience;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A shop that takes orders by both roads, and what is known of them from outside. */
final class TwoRoads implements AutoCloseable {

    static final String PRODUCT = "p-1";
    static final String SCARCE = "p-scarce";

    private static final int RECEIVED = 100_000;
    private static final long PRICE = 990;
    private static final Duration WITHIN = Duration.ofMinutes(3);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final List<Placed> all = new ArrayList<>();
    private final RunningShop shop;

    /** Which way an order goes. */
    enum Road {
        CHOREOGRAPHED("/orders"),
        COORDINATED("/coordinated-orders");

        private final String path;

        Road(String path) {
            this.path = path;
        }
    }

    /** An order that was accepted. */
    record Placed(Road road, String orderId, long quantity) {}

    /** How an order stands. */
    record End(String status, String reason, boolean closed) {}

    /** The coordinator's time limit runs while a service is down: on a slow machine a start takes longer than the default. */
    TwoRoads() throws Exception {
        shop = RunningShop.open(new Layout(
                        Layout.QUICK.javaOptions(),
                        UnaryOperator.identity(),
                        Map.of("SHOP_PAYMENT_AUTHORIZATIONTIMELIMIT", "4s", "SHOP_ORDER_COORDINATION_TIMELIMIT", "15m"))
                .withCoordinator());
        receive(PRODUCT, RECEIVED);
        receive(SCARCE, 1);
    }

    RunningShop shop() {
        return shop;
    }

    Placed place(Road road, String token) throws IOException, InterruptedException {
        return place(road, token, PRODUCT, 2);
    }

    Placed place(Road road, String token, String product, long quantity) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(shop.address("order").resolve(road.path))
                        .timeout(Duration.ofSeconds(30))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                """
                                {"customerId":"c-1","paymentToken":"%s","lines":[
                                 {"productId":"%s","quantity":%d,"unitPrice":{"amount":"9.90","currency":"EUR"}}]}"""
                                        .formatted(token, product, quantity)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        Placed placed =
                new Placed(road, JSON.readTree(answer.body()).path("orderId").asString(""), quantity);
        all.add(placed);
        return placed;
    }

    /** What the order service says of it now. */
    End now(Placed placed) throws IOException, InterruptedException {
        JsonNode order = get(shop.address("order").resolve(placed.road().path + "/" + placed.orderId()));
        return new End(
                order.path("status").asString(""),
                order.path("reason").asString(""),
                !order.path("closedAt").isMissingNode());
    }

    /** Waits until nothing is left to do for it. */
    End end(Placed placed) {
        return Patience.await()
                .atMost(WITHIN)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> now(placed), End::closed);
    }

    /** Whether a context's journal has an event of that type for the order. */
    boolean has(String context, Placed placed, String type) throws SQLException {
        return count(
                        context,
                        "select count(*) from farandole.journal where process_key = ? and ? in (payload_type, wire_type)",
                        placed.orderId(),
                        type)
                > 0;
    }

    void awaitEvent(String context, Placed placed, String type) {
        Patience.await().atMost(WITHIN).pollInterval(Duration.ofMillis(20)).until(() -> has(context, placed, type));
    }

    /** How many messages wait in a context's queue; asked of the broker. */
    long waitingFor(String context) throws Exception {
        try (Connection connection = shop.broker().adminConnectionFactory().newConnection();
                Channel channel = connection.createChannel()) {
            return channel.messageCount(context + ".inbox");
        }
    }

    long count(String context, String sql, String... parameters) throws SQLException {
        ShopAddresses.Database database = shop.database(context);
        try (java.sql.Connection connection =
                        DriverManager.getConnection(database.url(), database.user(), database.password());
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    /**
     * Money, goods and processes, of all orders that were ever placed here: sold is what was confirmed, taken is what it costs, nothing
     * is reserved, open or set aside.
     */
    void assertBooksBalance() {
        long pieces = 0;
        for (Placed placed : all) {
            pieces += end(placed).status().equals("CONFIRMED") ? placed.quantity() : 0;
        }
        long sold = pieces;
        Patience.await()
                .atMost(WITHIN)
                .ignoreExceptionsInstanceOf(IOException.class)
                .untilAsserted(() -> {
                    assertThat(shelf(PRODUCT, "reserved") + shelf(SCARCE, "reserved"))
                            .as("reserved")
                            .isZero();
                    assertThat(shelf(PRODUCT, "sold") + shelf(SCARCE, "sold"))
                            .as("sold")
                            .isEqualTo(sold);
                    assertThat(shelf(PRODUCT, "available") + shelf(SCARCE, "available"))
                            .as("available")
                            .isEqualTo(RECEIVED + 1 - sold);
                    assertThat(kept()).as("kept by the provider").isEqualTo(sold * PRICE);
                    for (String context : ShopAddresses.CONTEXTS) {
                        assertThat(count(context, "select count(*) from farandole.saga where ended_at is null"))
                                .as("open processes of " + context)
                                .isZero();
                        assertThat(count(context, "select count(*) from farandole.parked_process"))
                                .as("set aside in " + context)
                                .isZero();
                    }
                });
    }

    private long kept() throws IOException, InterruptedException {
        long kept = 0;
        for (JsonNode entry : get(shop.provider().address().resolve("/ledger"))) {
            kept += entry.path("captured").asLong() - entry.path("refunded").asLong();
        }
        return kept;
    }

    private long shelf(String product, String field) throws IOException, InterruptedException {
        return get(shop.address("stock").resolve("/products/" + product))
                .path(field)
                .asLong();
    }

    /** What a participant answers, whatever it is. */
    int status(String context, String path) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(shop.address(context).resolve(path))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private JsonNode get(URI address) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(10)).build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(address + " was answered " + answer.statusCode() + ": " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    private void receive(String product, int quantity) throws IOException, InterruptedException {
        Customers.receive(shop.address("stock"), product, quantity);
    }

    @Override
    public void close() {
        shop.close();
    }
}
