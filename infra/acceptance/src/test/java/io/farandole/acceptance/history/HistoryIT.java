package io.farandole.acceptance.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.acceptance.checker.ShopAddresses;
import io.farandole.acceptance.shop.Customers;
import io.farandole.acceptance.shop.RunningShop;
import io.farandole.acceptance.shop.Settling;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.JsonNode;

/** Three services, two hundred orders, and what can be asked about them afterwards. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HistoryIT {

    private static final int ORDERS = 200;
    private static final List<String> CONTEXTS = List.of("order", "stock", "payment");

    private static RunningShop shop;
    private static Customers customers;

    private final Auditor auditor = new Auditor();

    @BeforeAll
    static void opens() throws Exception {
        shop = RunningShop.open(new RunningShop.Layout(
                RunningShop.Layout.QUICK.javaOptions(), UnaryOperator.identity(), Auditor.ENVIRONMENT));
        Customers.receive(shop.address("stock"), Customers.PLENTY, 1_000_000);
        Customers.receive(shop.address("stock"), Customers.NOTHING, 1);
        customers = new Customers(shop.address("order"));
        Customers.await(customers.order(0, ORDERS));
        Settling.awaitSettled(shop, customers.accepted(), Duration.ofMinutes(2));
    }

    @AfterAll
    static void closes() {
        if (shop != null) {
            shop.close();
        }
    }

    @Test
    @Order(1)
    void theTimelineOfAnOrderTellsWhatCausedWhatInAllContexts() throws Exception {
        for (String orderId : some(20)) {
            JsonNode timeline = auditor.timeline(shop.address("order"), orderId);
            assertThat(timeline.at("/missing").size()).isZero();
            Map<String, JsonNode> byId = new HashMap<>();
            List<String> types = new ArrayList<>();
            for (JsonNode event : timeline.at("/events")) {
                JsonNode cause = event.at("/cause");
                if (cause.isNull()) {
                    assertThat(event.at("/command").asString())
                            .as("what begins with no other event, of " + orderId)
                            .isEqualTo("PlaceOrder");
                } else {
                    assertThat(byId).as("a cause comes first").containsKey(cause.asString());
                }
                byId.put(event.at("/eventId").asString(), event);
                types.add(event.at("/context").asString() + " "
                        + event.at("/type").asString());
                for (JsonNode heard : event.at("/heard")) {
                    assertThat(event.at("/publishedAs").asString()).isNotEmpty();
                    assertThat(heard.at("/context").asString())
                            .isNotEqualTo(event.at("/context").asString());
                }
            }
            assertThat(types).doesNotHaveDuplicates().contains("order order.placed");
            assertThat(types).anyMatch(type -> type.startsWith("stock "));
            assertThat(types).anyMatch(type -> type.startsWith("payment "));
            assertThat(timeline.at("/events/0/type").asString()).isEqualTo("order.placed");
            assertThat(timeline.at("/events/0/heard/0/context").asString()).isEqualTo("stock");
        }
    }

    @Test
    @Order(2)
    void everyContextTellsTheSame() throws Exception {
        String orderId = some(1).get(0);
        JsonNode told = auditor.timeline(shop.address("order"), orderId).at("/events");
        assertThat(told.size()).isGreaterThan(4);
        assertThat(auditor.timeline(shop.address("stock"), orderId).at("/events"))
                .isEqualTo(told);
        assertThat(auditor.timeline(shop.address("payment"), orderId).at("/events"))
                .isEqualTo(told);
    }

    @Test
    @Order(3)
    void itIsAPictureToo() throws Exception {
        String orderId = some(1).get(0);
        assertThat(auditor.timelineAs(shop.address("stock"), "text", orderId))
                .startsWith("Process " + orderId + ": ")
                .contains(
                        "order: order.placed.v1  (by PlaceOrder; ",
                        "published as order.order-placed.v1; heard by ",
                        "└─ ",
                        "order, saga OrderFulfilment: ended");
        assertThat(auditor.timelineAs(shop.address("stock"), "mermaid", orderId))
                .startsWith("sequenceDiagram\n")
                .contains("c_order->>c_stock: order.order-placed (");
        HttpResponse<String> svg = auditor.ask(shop.address("stock"), "timeline?format=svg&key=" + orderId);
        assertThat(svg.headers().firstValue("Content-Type").orElse("")).startsWith("image/svg+xml");
        assertThat(svg.body()).startsWith("<svg ");
    }

    @Test
    @Order(4)
    void anUnknownProcessIsNotFoundAndABadQuestionIsRefused() throws Exception {
        HttpResponse<String> unknown = auditor.ask(shop.address("order"), "timeline?key=o-none");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("No context that was asked knows process o-none: check the key.");
        HttpResponse<String> bad = auditor.ask(shop.address("order"), "timeline?key=o-1&format=pdf");
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(bad.body()).contains("format is one of JSON, TEXT, MERMAID, SVG.");
    }

    @Test
    @Order(5)
    void aReportTellsHowOrdersEndedAndWhereTheirTimeWent() throws Exception {
        JsonNode ends = auditor.report(shop.address("order"), "kind=ends&type=order.cancelled&field=reason");
        Map<String, Long> byReason = new HashMap<>();
        ends.at("/groups")
                .forEach(group -> byReason.put(
                        group.at("/value").asString(), group.at("/processes").asLong()));
        assertThat(byReason).hasSizeGreaterThanOrEqualTo(2).allSatisfy((reason, processes) -> assertThat(processes)
                .isBetween(1L, (long) ORDERS));
        JsonNode slow = auditor.report(shop.address("order"), "kind=slow&longerThan=0s&limit=1000");
        assertThat(slow.at("/processes").size()).isEqualTo(ORDERS);
        assertThat(slow.at("/processes/0/took").asString()).startsWith("PT");
        JsonNode time = auditor.report(shop.address("order"), "kind=time");
        assertThat(time.at("/stretches/0/times").asLong()).isPositive();
        assertThat(auditor.ask(shop.address("order"), "report?kind=slow&longerThan=soon")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    @Order(6)
    void whatWasPublishedIsWhatTheContractsSay() throws Exception {
        Set<String> seen = new TreeSet<>();
        for (String context : CONTEXTS) {
            AsyncApi contract = AsyncApi.of(context, contract(context));
            ShopAddresses.Database database = shop.database(context);
            new JdbcTemplate(new DriverManagerDataSource(database.url(), database.user(), database.password()))
                    .query(
                            "select wire_type, coalesce(wire_payload, payload) from farandole.journal"
                                    + " where own and wire_type is not null",
                            row -> {
                                String type = row.getString(1);
                                assertThat(contract.errors(type, row.getString(2)))
                                        .isEmpty();
                                seen.add(type);
                            });
        }
        assertThat(seen)
                .contains(
                        "order.order-placed.v1",
                        "order.payment-requested.v1",
                        "order.order-confirmed.v1",
                        "order.order-cancelled.v1",
                        "stock.stock-reserved.v1",
                        "stock.stock-reservation-rejected.v1",
                        "stock.stock-released.v1",
                        "payment.payment-authorized.v1",
                        "payment.payment-declined.v1",
                        "payment.payment-captured.v1",
                        "payment.payment-voided.v1");
    }

    @Test
    @Order(7)
    void theContractsThatAreWrittenDownAreTheDeployedOnes() throws Exception {
        for (String context : CONTEXTS) {
            Path written = Path.of("../docs/asyncapi", context + ".json");
            assertThat(contract(context))
                    .as("/actuator/asyncapi of %s; if the change is meant, write it to %s", context, written)
                    .isEqualTo(Files.readString(written));
        }
    }

    private String contract(String context) throws Exception {
        return auditor.ask(shop.address(context), "asyncapi").body();
    }

    @Test
    @Order(100)
    void aContextThatIsDownIsNamedAndWhatOthersHeardOfItIsThere() throws Exception {
        String orderId = some(1).get(0);
        JsonNode whole = auditor.timeline(shop.address("order"), orderId);
        shop.service("payment").kill();
        JsonNode timeline = auditor.timeline(shop.address("order"), orderId);
        assertThat(timeline.at("/missing/0/context").asString()).isEqualTo("payment");
        assertThat(timeline.at("/missing/0/reason").asString()).isEqualTo("cannot be reached");
        assertThat(ids(whole)).containsAll(ids(timeline));
        assertThat(timeline.at("/events").toString()).contains("payment.payment-");
        assertThat(auditor.timelineAs(shop.address("order"), "text", orderId))
                .contains("MISSING: payment cannot be reached. What only it knows is not shown.");
    }

    private static List<String> ids(JsonNode timeline) {
        List<String> ids = new ArrayList<>();
        timeline.at("/events").forEach(event -> ids.add(event.at("/eventId").asString()));
        return ids;
    }

    private static List<String> some(int count) {
        List<String> accepted = List.copyOf(customers.accepted());
        return ThreadLocalRandom.current()
                .ints(count, 0, accepted.size())
                .mapToObj(accepted::get)
                .toList();
    }
}
