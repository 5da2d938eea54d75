package io.farandole.shop.payment.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;
import io.farandole.messaging.Inbox;
import io.farandole.messaging.JsonCodec;
import io.farandole.provider.StandInProvider;
import io.farandole.shop.kernel.Money;
import io.farandole.shop.kernel.order.v1.OrderCancelled;
import io.farandole.shop.kernel.order.v1.PaymentRequested;
import io.farandole.shop.kernel.stock.v1.StockReserved;
import io.farandole.shop.payment.PaymentApplication;
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
import java.util.List;
import java.util.UUID;
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

/** Charges over HTTP, on a real database and with the stand-in provider, beside orders that are events. */
class ChargeHttpIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private static final Money PRICE = new Money(990, "EUR");
    private static final AtomicLong SEQUENCE = new AtomicLong();

    private static final StandInProvider PROVIDER = StandInProvider.start(0);
    private static Dance dance;
    private static RunningContext context;

    @BeforeAll
    static void starts() {
        dance = Dance.of(Dancer.of("payment", PaymentApplication.class)
                .with("farandole.rabbitmq.enabled", "false")
                .with("shop.payment.authorization-time-limit", "3s")
                .with("shop.payment.provider.url", PROVIDER.uri().toString()));
        context = dance.context("payment");
    }

    @AfterAll
    static void stops() {
        dance.close();
        PROVIDER.close();
    }

    @Test
    void chargesOnceHoweverOftenItIsAsked() {
        String id = id();
        assertThat(take(id, "9.90", "tok_ok").statusCode()).isEqualTo(202);
        JsonNode charged = ended(() -> take(id, "9.90", "tok_ok"));
        assertThat(charged.path("state").asString()).isEqualTo("CHARGED");
        assertThat(charged.path("amount").path("amount").asString()).isEqualTo("9.90");
        assertRefused(take(id, "9.91", "tok_ok"), "other-amount");
        assertThat(PROVIDER.find(id)).hasValueSatisfying(it -> {
            assertThat(it.captures()).isEqualTo(1);
            assertThat(it.refunds()).isZero();
        });
        assertThat(json(get(id)).path("state").asString()).isEqualTo("CHARGED");
        awaitNoOpenProcess(id);
    }

    @Test
    void paysBack() {
        String id = id();
        take(id, "9.90", "tok_ok");
        ended(() -> take(id, "9.90", "tok_ok"));
        assertThat(undo(id).statusCode()).isEqualTo(202);
        assertThat(ended(() -> undo(id)).path("state").asString()).isEqualTo("CANCELLED");
        assertThat(PROVIDER.find(id))
                .hasValueSatisfying(it -> assertThat(it.refunds()).isEqualTo(1));
        assertRefused(take(id, "9.90", "tok_ok"), "cancelled");
        awaitNoOpenProcess(id);
    }

    @Test
    void undoesWhatIsUnderWay() {
        String id = id();
        assertThat(take(id, "9.90", "tok_slow").statusCode()).isEqualTo(202);
        assertThat(ended(() -> undo(id)).path("state").asString()).isEqualTo("CANCELLED");
        assertThat(PROVIDER.find(id))
                .hasValueSatisfying(it -> assertThat(it.captures()).isEqualTo(it.refunds()));
        awaitNoOpenProcess(id);
    }

    @Test
    void aChargeAfterItsUndoingIsRefused() {
        String id = id();
        assertThat(ended(() -> undo(id)).path("state").asString()).isEqualTo("CANCELLED");
        assertThat(ended(() -> undo(id)).path("state").asString()).isEqualTo("CANCELLED");
        assertRefused(take(id, "9.90", "tok_ok"), "cancelled");
        assertThat(PROVIDER.find(id)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tok_declined", "tok_capture_fails", "tok_down"})
    void tellsWhyNothingIsTaken(String token) {
        String id = id();
        JsonNode declined = ended(() -> take(id, "9.90", token));
        assertThat(declined.path("state").asString()).isEqualTo("DECLINED");
        assertThat(declined.path("reason").asString())
                .isEqualTo(
                        switch (token) {
                            case "tok_declined" -> "declined";
                            case "tok_capture_fails" -> "capture-failed";
                            default -> "provider-unavailable";
                        });
        assertThat(ended(() -> undo(id)).path("state").asString()).isEqualTo("DECLINED");
        assertThat(PROVIDER.find(id).map(it -> it.captures() - it.refunds()).orElse(0))
                .isZero();
    }

    @Test
    void anOrdersPaymentIsNotACallers() {
        String id = id();
        hear("order.payment-requested", id, new PaymentRequested(id, PRICE, "tok_ok"));
        hear("stock.stock-reserved", id, new StockReserved(id));
        Patience.await().until(() -> PROVIDER.find(id).isPresent());
        assertRefused(take(id, "9.90", "tok_ok"), "follows-an-order");
        assertRefused(undo(id), "follows-an-order");
        hear("order.order-cancelled", id, new OrderCancelled(id, "time-limit"));
        Patience.await().untilAsserted(() -> assertRefused(take(id, "9.90", "tok_ok"), "cancelled"));
    }

    @Test
    void theTokenIsNotInTheJournal() {
        String id = id();
        take(id, "9.90", "tok_ok");
        ended(() -> take(id, "9.90", "tok_ok"));
        assertThat(new JdbcTemplate(context.database().appDataSource())
                        .queryForObject(
                                "select count(*) from farandole.journal where process_key = ? and (payload like '%tok\\_%'"
                                        + " or metadata like '%tok\\_%')",
                                Long.class, id))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"amount\":{\"amount\":\"0.00\",\"currency\":\"EUR\"},\"token\":\"t\"}",
                "{\"amount\":{\"amount\":\"1.001\",\"currency\":\"EUR\"},\"token\":\"t\"}",
                "{\"amount\":{\"amount\":\"1.00\",\"currency\":\"XQX\"},\"token\":\"t\"}",
                "{\"amount\":{\"amount\":\"1.00\",\"currency\":\"EUR\"}}",
                "null"
            })
    void aBadChargeIsAProblem(String body) {
        String id = id();
        assertThat(put(id, body).statusCode()).isEqualTo(400);
        assertThat(get(id).statusCode()).isEqualTo(404);
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }

    private static JsonNode ended(Supplier<HttpResponse<String>> ask) {
        HttpResponse<String> answer = Patience.await().until(ask::get, it -> it.statusCode() != 202);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    private static HttpResponse<String> take(String id, String amount, String token) {
        return put(id, "{\"amount\":{\"amount\":\"" + amount + "\",\"currency\":\"EUR\"},\"token\":\"" + token + "\"}");
    }

    private static HttpResponse<String> put(String id, String body) {
        return send(
                request(id).header("Content-Type", "application/json").PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> undo(String id) {
        return send(request(id).DELETE());
    }

    private static HttpResponse<String> get(String id) {
        return send(request(id));
    }

    private static HttpRequest.Builder request(String id) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + context.port() + "/charges/" + id));
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

    private static void assertRefused(HttpResponse<String> answer, String reason) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
        assertThat(json(answer).path("reason").asString()).isEqualTo(reason);
    }

    private static void awaitNoOpenProcess(String id) {
        JdbcTemplate jdbc = new JdbcTemplate(context.database().appDataSource());
        Patience.await().untilAsserted(() -> assertThat(jdbc.queryForObject(
                        "select count(*) from farandole.saga where process_key = ? and ended_at is null",
                        Long.class,
                        id))
                .isZero());
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

    private static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }
}
