package io.farandole.shop.stock.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;
import io.farandole.messaging.Inbox;
import io.farandole.messaging.JsonCodec;
import io.farandole.shop.kernel.Money;
import io.farandole.shop.kernel.order.v1.OrderCancelled;
import io.farandole.shop.kernel.order.v1.OrderLine;
import io.farandole.shop.kernel.order.v1.OrderPlaced;
import io.farandole.shop.kernel.payment.v1.PaymentCaptured;
import io.farandole.shop.stock.StockApplication;
import io.farandole.testkit.Dance;
import io.farandole.testkit.Dancer;
import io.farandole.testkit.RunningContext;
import io.farandole.testservers.Patience;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reservations over HTTP as a TCC participant, on a real database, beside orders that are events. */
class ReservationHttpIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private static final Money PRICE = new Money(100, "EUR");
    private static final AtomicLong SEQUENCE = new AtomicLong();

    private static Dance dance;
    private static RunningContext context;

    @BeforeAll
    static void starts() {
        dance = Dance.of(Dancer.of("stock", StockApplication.class).with("farandole.rabbitmq.enabled", "false"));
        context = dance.context("stock");
    }

    @AfterAll
    static void stops() {
        dance.close();
    }

    @Test
    void triesAndConfirms() {
        receive("p-sale", 10);
        JsonNode held = ok(hold("r-sale", line("p-sale", 2), line("p-sale", 1)));
        assertThat(held.path("state").asString()).isEqualTo("HELD");
        assertThat(held.path("lines").path(0).path("quantity").asLong()).isEqualTo(3);
        assertThat(Instant.parse(held.path("expiresAt").asString())).isAfter(Instant.now());
        assertLevel("p-sale", 7, 3, 0);
        assertThat(ok(hold("r-sale", line("p-sale", 3)))).isEqualTo(held);
        assertThat(ok(confirm("r-sale")).path("state").asString()).isEqualTo("CONFIRMED");
        assertThat(ok(confirm("r-sale")).path("state").asString()).isEqualTo("CONFIRMED");
        assertLevel("p-sale", 7, 0, 3);
        assertRefused(cancel("r-sale"), "confirmed");
        assertThat(ok(get("/reservations/r-sale")).path("state").asString()).isEqualTo("CONFIRMED");
    }

    @Test
    void whatMovesItsGoodsBelongsToItsProcess() {
        receive("p-moved", 10);
        ok(hold("r-sold", line("p-moved", 2)));
        ok(confirm("r-sold"));
        ok(hold("r-released", line("p-moved", 3)));
        ok(cancel("r-released"));
        assertThat(new JdbcTemplate(context.database().appDataSource())
                        .queryForList(
                                "select process_key || ' ' || payload_type from farandole.journal where own and aggregate_type = 'StockItem'"
                                        + " and aggregate_id like '%p-moved' and payload_type like 'stock.pieces-%' order by position",
                                String.class))
                .containsExactly(
                        "r-sold stock.pieces-reserved",
                        "r-sold stock.pieces-sold",
                        "r-released stock.pieces-reserved",
                        "r-released stock.pieces-released");
    }

    @Test
    void triesAndCancels() {
        receive("p-cancel", 10);
        ok(hold("r-cancel", line("p-cancel", 4)));
        assertThat(ok(cancel("r-cancel")).path("state").asString()).isEqualTo("CANCELLED");
        assertThat(ok(cancel("r-cancel")).path("state").asString()).isEqualTo("CANCELLED");
        assertLevel("p-cancel", 10, 0, 0);
        assertRefused(confirm("r-cancel"), "cancelled");
        assertRefused(hold("r-cancel", line("p-cancel", 4)), "cancelled");
    }

    @Test
    void aTryAfterItsCancelIsRefused() {
        receive("p-empty", 10);
        ok(cancel("r-empty"));
        assertRefused(hold("r-empty", line("p-empty", 1)), "cancelled");
        assertLevel("p-empty", 10, 0, 0);
    }

    @Test
    void aShortageIsRememberedAndHoldsNothing() {
        receive("p-short", 1);
        receive("p-plenty", 10);
        JsonNode problem = refused(hold("r-short", line("p-plenty", 1), line("p-short", 2)), "insufficient-stock");
        assertThat(problem.path("productId").asString()).isEqualTo("p-short");
        receive("p-short", 5);
        assertRefused(hold("r-short", line("p-plenty", 1), line("p-short", 2)), "insufficient-stock");
        assertLevel("p-plenty", 10, 0, 0);
        assertRefused(hold("r-nothing", line("p-nobody-knows", 1)), "unknown-product");
        assertThat(ok(get("/reservations/r-short")).path("state").asString()).isEqualTo("REFUSED");
    }

    @Test
    void theSameIdWithOtherLinesIsRefused() {
        receive("p-other", 10);
        ok(hold("r-other", line("p-other", 1)));
        assertRefused(hold("r-other", line("p-other", 2)), "other-lines");
        assertLevel("p-other", 9, 1, 0);
    }

    @Test
    void whatNobodyTriedIsNotThere() {
        assertThat(get("/reservations/r-none").statusCode()).isEqualTo(404);
        assertThat(confirm("r-none").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"lines\":[]}",
                "{\"lines\":[{\"productId\":\"p\",\"quantity\":0}]}",
                "{\"lines\":[{\"productId\":\"p\"}]}",
                "{\"lines\":[{\"productId\":\"a b\",\"quantity\":1}]}",
                "{\"lines\":[null]}",
                "null",
                ""
            })
    void aBadTryIsAProblem(String body) {
        HttpResponse<String> answer = send(request("/reservations/r-bad")
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(get("/reservations/r-bad").statusCode()).isEqualTo(404);
    }

    @Test
    void anOrdersReservationIsNotACallers() {
        receive("p-order", 10);
        hear(
                "order.order-placed",
                "o-1",
                new OrderPlaced("o-1", "c", List.of(new OrderLine("p-order", 2, PRICE)), PRICE));
        awaitLevel("p-order", 8, 2, 0);
        assertRefused(hold("o-1", line("p-order", 2)), "follows-an-order");
        assertRefused(confirm("o-1"), "follows-an-order");
        assertRefused(cancel("o-1"), "follows-an-order");
        assertLevel("p-order", 8, 2, 0);
    }

    @Test
    void ordersAndCallersHaveTheSameTombstones() {
        receive("p-tomb", 10);
        hear("order.order-cancelled", "o-tomb", new OrderCancelled("o-tomb", "declined"));
        Patience.await().until(() -> get("/reservations/o-tomb").statusCode() == 200);
        assertRefused(hold("o-tomb", line("p-tomb", 1)), "cancelled");

        ok(cancel("r-tomb"));
        hear(
                "order.order-placed",
                "r-tomb",
                new OrderPlaced("r-tomb", "c", List.of(new OrderLine("p-tomb", 1, PRICE)), PRICE));
        hear(
                "order.order-placed",
                "o-last",
                new OrderPlaced("o-last", "c", List.of(new OrderLine("p-tomb", 2, PRICE)), PRICE));
        awaitLevel("p-tomb", 8, 2, 0);
    }

    /** Payment's word may come before or after the sale, or not at all: a caller's reservation does not wait for it. */
    @Test
    void noProcessIsLeftOpenByPaymentsWord() {
        receive("p-word", 10);
        ok(hold("r-early", line("p-word", 1)));
        hear("payment.payment-captured", "r-early", new PaymentCaptured("r-early", PRICE));
        ok(confirm("r-early"));
        ok(hold("r-late", line("p-word", 1)));
        ok(confirm("r-late"));
        awaitNoOpenProcess("r-late");
        hear("payment.payment-captured", "r-late", new PaymentCaptured("r-late", PRICE));
        ok(hold("r-gone", line("p-word", 1)));
        ok(cancel("r-gone"));
        for (String id : List.of("r-early", "r-late", "r-gone")) {
            awaitNoOpenProcess(id);
        }
        assertLevel("p-word", 8, 0, 2);
    }

    @Test
    void whatNobodyConfirmsExpires() {
        try (Dance impatient = Dance.of(Dancer.of("stock", StockApplication.class)
                .with("farandole.rabbitmq.enabled", "false")
                .with("shop.stock.reservation-expiry", "1s"))) {
            String base = "http://localhost:" + impatient.context("stock").port();
            receiveAt(base, "p-expiry", 10);
            holdAt(base, "r-expiry", line("p-expiry", 3));
            Patience.await().untilAsserted(() -> assertThat(
                            json(send(HttpRequest.newBuilder(URI.create(base + "/reservations/r-expiry"))))
                                    .path("state")
                                    .asString())
                    .isEqualTo("EXPIRED"));
            assertThat(json(send(HttpRequest.newBuilder(URI.create(base + "/products/p-expiry"))))
                            .path("available")
                            .asLong())
                    .isEqualTo(10);
            assertRefused(holdAt(base, "r-expiry", line("p-expiry", 3)), "expired");
        }
    }

    @Test
    void manyCallersSellNoPieceTwice() throws Exception {
        receive("p-hot", 40);
        ExecutorService clients = Executors.newFixedThreadPool(16);
        try {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                String id = "r-hot-" + i;
                all.add(clients.submit(() -> buy(id)));
            }
            int bought = 0;
            for (Future<Boolean> one : all) {
                bought += one.get(Patience.SECONDS, TimeUnit.SECONDS) ? 1 : 0;
            }
            assertThat(bought).isEqualTo(40);
        } finally {
            clients.shutdownNow();
        }
        assertLevel("p-hot", 0, 0, 40);
    }

    @Test
    void theApiIsDescribed() {
        assertThat(json(get("/v3/api-docs")).path("paths").propertyNames())
                .contains("/reservations/{reservationId}", "/reservations/{reservationId}/confirmation");
    }

    private static boolean buy(String id) {
        HttpResponse<String> held = repeated(() -> hold(id, line("p-hot", 1)));
        if (held.statusCode() == 409) {
            assertThat(json(held).path("reason").asString()).isEqualTo("insufficient-stock");
            return false;
        }
        ok(held);
        ok(repeated(() -> confirm(id)));
        return true;
    }

    /** As a client does: what was given up for a conflict is asked again. */
    private static HttpResponse<String> repeated(Supplier<HttpResponse<String>> ask) {
        HttpResponse<String> answer = ask.get();
        while (answer.statusCode() == 503) {
            answer = ask.get();
        }
        return answer;
    }

    private static void hear(String name, String order, Object payload) {
        long number = SEQUENCE.incrementAndGet();
        context.bean(Inbox.class)
                .append(List.of(new Envelope(
                        "heard-" + number,
                        name.substring(0, name.indexOf('.')),
                        new EventType(name, 1),
                        order,
                        Instant.now(),
                        order,
                        number,
                        order,
                        null,
                        null,
                        null,
                        new JsonCodec().write(payload))));
    }

    private static String line(String product, long quantity) {
        return "{\"productId\":\"" + product + "\",\"quantity\":" + quantity + "}";
    }

    private static HttpResponse<String> hold(String id, String... lines) {
        return holdAt(base(), id, lines);
    }

    private static HttpResponse<String> holdAt(String base, String id, String... lines) {
        return send(HttpRequest.newBuilder(URI.create(base + "/reservations/" + id))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"lines\":[" + String.join(",", lines) + "]}")));
    }

    private static HttpResponse<String> confirm(String id) {
        return send(request("/reservations/" + id + "/confirmation").POST(HttpRequest.BodyPublishers.noBody()));
    }

    private static HttpResponse<String> cancel(String id) {
        return send(request("/reservations/" + id).DELETE());
    }

    private static void receive(String product, long quantity) {
        receiveAt(base(), product, quantity);
    }

    private static void receiveAt(String base, String product, long quantity) {
        ok(send(HttpRequest.newBuilder(URI.create(base + "/products/" + product + "/receipts"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"quantity\":" + quantity + "}"))));
    }

    private static HttpResponse<String> get(String path) {
        return send(request(path));
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base() + path));
    }

    private static String base() {
        return "http://localhost:" + context.port();
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException("No answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    private static JsonNode ok(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    private static void assertRefused(HttpResponse<String> answer, String reason) {
        refused(answer, reason);
    }

    private static JsonNode refused(HttpResponse<String> answer, String reason) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
        assertThat(json(answer).path("reason").asString()).isEqualTo(reason);
        return json(answer);
    }

    private static void awaitNoOpenProcess(String id) {
        JdbcTemplate jdbc = new JdbcTemplate(context.database().appDataSource());
        Patience.await().untilAsserted(() -> assertThat(jdbc.queryForObject(
                        "select count(*) filter (where ended_at is null) * 100 + count(*) from farandole.saga"
                                + " where process_key = ?",
                        Long.class,
                        id))
                .as("ended rows of %s, 100 for each open one", id)
                .isEqualTo(1));
        awaitHeard();
    }

    /** Until the reservations' processor has handled what the journal holds now. */
    private static void awaitHeard() {
        String probe = "probe-" + SEQUENCE.incrementAndGet();
        hear("order.order-cancelled", probe, new OrderCancelled(probe, "probe"));
        Patience.await().until(() -> get("/reservations/" + probe).statusCode() == 200);
    }

    private static void awaitLevel(String product, long available, long reserved, long sold) {
        Patience.await().untilAsserted(() -> assertLevel(product, available, reserved, sold));
    }

    private static void assertLevel(String product, long available, long reserved, long sold) {
        JsonNode level = ok(get("/products/" + product));
        assertThat(List.of(
                        level.path("available").asLong(),
                        level.path("reserved").asLong(),
                        level.path("sold").asLong()))
                .containsExactly(available, reserved, sold);
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }
}
