package io.farandole.acceptance.shop;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.farandole.acceptance.checker.ShopAddresses;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every saga of the shop is asked what it would have done with all of the shop's history, while a spy is bound to every exchange, the provider
 * keeps its ledger, and the tables are counted: nothing has moved.
 */
class WhatIfSendsNothingIT {

    private static final int ORDERS = 40;
    private static final Duration SETTLED_WITHIN = Duration.ofMinutes(3);
    private static final String SPY = "spy-" + UUID.randomUUID();
    private static final Map<String, List<String>> SAGAS = Map.of(
            "order", List.of("OrderFulfilment", "OrderReturn"),
            "stock", List.of("StockReservation", "StockReturn"),
            "payment", List.of("PaymentCollection", "PaymentReversal", "PaymentReturn"));

    private final HttpClient http = HttpClient.newHttpClient();
    private RunningShop shop;
    private Customers customers;

    @SuppressWarnings("NullAway.Init") // open() fills the fields before each test
    WhatIfSendsNothingIT() {}

    @BeforeEach
    void open() throws Exception {
        shop = RunningShop.open(new RunningShop.Layout(
                RunningShop.Layout.QUICK.javaOptions(),
                RunningShop.Layout.QUICK.databaseUrl(),
                Map.of(
                        "SPRING_PROFILES_ACTIVE", "dev",
                        "FARANDOLE_OPERATIONS_OPERATORS_ADA", "{noop}secret",
                        "MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE", "health,process,whatif")));
        customers = new Customers(shop.address("order"));
        Customers.receive(shop.address("stock"), Customers.PLENTY, 1_000_000);
        Customers.receive(shop.address("stock"), Customers.NOTHING, 1);
    }

    @AfterEach
    void close() {
        if (shop != null) {
            shop.close();
        }
    }

    @Test
    void nothingIsPublishedCalledOrWritten() throws Exception {
        Customers.await(customers.order(0, ORDERS));
        Settling.awaitSettled(shop, customers.accepted(), SETTLED_WITHIN);
        try (Connection connection = shop.broker().adminConnectionFactory().newConnection();
                Channel channel = connection.createChannel()) {
            channel.queueDeclare(SPY, false, true, true, null);
            for (String context : ShopAddresses.CONTEXTS) {
                channel.queueBind(SPY, context + ".events", "#");
            }
            Map<String, Long> rows = rows();
            String ledger = ledger();

            Map<String, JsonNode> reports = new LinkedHashMap<>();
            for (String context : ShopAddresses.CONTEXTS) {
                for (String saga : SAGAS.getOrDefault(context, List.of())) {
                    reports.put(saga, whatIf(context, saga));
                }
            }

            assertThat(Objects.requireNonNull(reports.get("OrderFulfilment"))
                            .at("/processes")
                            .asInt())
                    .isGreaterThanOrEqualTo(ORDERS);
            assertThat(Objects.requireNonNull(reports.get("OrderFulfilment"))
                            .at("/actions/COMMAND")
                            .asInt())
                    .isGreaterThanOrEqualTo(ORDERS);
            // The other contexts' sagas go by the answers of their commands, which are in no journal.
            for (String saga : List.of("OrderFulfilment", "OrderReturn")) {
                assertThat(Objects.requireNonNull(reports.get(saga))
                                .at("/differing")
                                .asInt())
                        .as(saga + ": " + reports.get(saga))
                        .isZero();
            }
            assertThat(channel.messageCount(SPY)).isZero();
            assertThat(ledger()).isEqualTo(ledger);
            assertThat(rows()).isEqualTo(rows);
        }
    }

    private JsonNode whatIf(String context, String saga) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(shop.address(context).resolve("/actuator/whatif?saga=" + saga))
                        .timeout(Duration.ofMinutes(1))
                        .header(
                                "Authorization",
                                "Basic "
                                        + Base64.getEncoder()
                                                .encodeToString("ada:secret".getBytes(StandardCharsets.UTF_8)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(saga + ": " + answer.body()).isEqualTo(200);
        return JsonMapper.builder().build().readTree(answer.body());
    }

    private String ledger() throws IOException, InterruptedException {
        URI provider = shop.provider().address();
        return http.send(
                        HttpRequest.newBuilder(provider.resolve("/ledger")).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private Map<String, Long> rows() throws SQLException {
        Map<String, Long> rows = new TreeMap<>();
        for (String context : ShopAddresses.CONTEXTS) {
            ShopAddresses.Database database = shop.database(context);
            try (java.sql.Connection connection =
                            DriverManager.getConnection(database.url(), database.user(), database.password());
                    Statement statement = connection.createStatement()) {
                for (String count : List.of(
                        "count(*) from farandole.journal",
                        "coalesce(sum(version), 0) from farandole.saga",
                        "count(*) from farandole.scheduled_tasks",
                        "count(*) from farandole.outside_call",
                        "coalesce(sum(attempts), 0) from farandole.outside_call",
                        "count(*) from farandole.parked_process")) {
                    try (ResultSet result = statement.executeQuery("select " + count)) {
                        result.next();
                        rows.put(context + " " + count, result.getLong(1));
                    }
                }
            }
        }
        return rows;
    }
}
