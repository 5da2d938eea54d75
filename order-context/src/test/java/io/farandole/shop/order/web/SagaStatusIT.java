package io.farandole.shop.order.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.farandole.shop.order.OrderApplication;
import io.farandole.testkit.Dance;
import io.farandole.testkit.Dancer;
import io.farandole.testservers.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code GET /saga/status} on a real database; the other contexts are played, one well and the others badly. */
class SagaStatusIT {

    private static final String ORDER =
            "{\"customerId\":\"c-1\",\"paymentToken\":\"tok_ok\",\"lines\":[{\"productId\":\"p-1\","
                    + "\"quantity\":2,\"unitPrice\":{\"amount\":\"9.90\",\"currency\":\"EUR\"}}]}";
    private static final String STOCK =
            """
            {"context":"stock","processKey":"any","sagas":[{"saga":"StockReservation","startedAt":"2026-01-01T00:00:00Z",
             "updatedAt":"2026-01-01T00:00:01Z","endedAt":null,"steps":[{"step":"hold","status":"PENDING","attempt":1,
             "createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z","deadline":"2026-01-01T00:15:00Z",
             "overdue":false,"error":null,"awaits":["OrderConfirmed"],"limit":"deadline reservation-expiry","event":"e1",
             "ofANewerVersion":1}]}],
             "deadlines":[],"outsideCalls":[],"failures":[]}
            """;

    private static final CountDownLatch END = new CountDownLatch(1);
    private static final List<String> QUESTIONS = new CopyOnWriteArrayList<>();

    private static ExecutorService threads;
    private static HttpServer others;
    private static Dance dance;
    private static Http http;

    @BeforeAll
    static void starts() throws IOException {
        threads = Executors.newCachedThreadPool();
        others = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        others.setExecutor(threads);
        answer("/stock/process", 200, STOCK);
        answer("/payment/process", 404, "");
        answer("/confused/process", 200, "<html>");
        others.createContext("/slow/process", exchange -> {
            try {
                END.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        others.start();
        String base = "http://127.0.0.1:" + others.getAddress().getPort();
        dance = Dance.of(Dancer.of("order", OrderApplication.class)
                .with("farandole.rabbitmq.enabled", "false")
                .with("farandole.operations.answer-within", "1s")
                .with("farandole.operations.contexts.stock", base + "/stock")
                .with("farandole.operations.contexts.payment", base + "/payment/")
                .with("farandole.operations.contexts.confused", base + "/confused")
                .with("farandole.operations.contexts.slow", base + "/slow")
                .with("farandole.operations.contexts.gone", "http://127.0.0.1:1/actuator"));
        http = new Http(dance.context("order").port());
    }

    @AfterAll
    static void stops() {
        END.countDown();
        dance.close();
        others.stop(0);
        threads.shutdownNow();
    }

    private static void answer(String path, int status, String body) {
        others.createContext(path, exchange -> {
            QUESTIONS.add(exchange.getRequestURI().toString());
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    @Test
    void tellsEveryStepAndWhatIsAwaitedInAllContextsAndNamesThoseThatAreMissing() {
        String orderId = http.post("/orders", ORDER).text("orderId");
        JsonNode status = Patience.await("the saga has begun")
                .until(
                        () -> http.get("/saga/status?order_id=" + orderId).json(),
                        it -> it.at("/contexts").size() == 2);

        JsonNode own = status.at("/contexts/0");
        assertThat(own.at("/context").asString()).isEqualTo("order");
        assertThat(own.at("/processKey").asString()).isEqualTo(orderId);
        JsonNode saga = own.at("/sagas/0");
        assertThat(saga.at("/saga").asString()).isEqualTo("OrderFulfilment");
        assertThat(saga.at("/endedAt").isNull()).isTrue();
        assertThat(texts(saga.at("/steps"), "step")).containsExactly("goods", "payment", "capture");
        assertThat(texts(saga.at("/steps"), "status")).containsExactly("PENDING", "PENDING", "");
        assertThat(saga.at("/steps/0/attempt").asInt()).isEqualTo(1);
        assertThat(saga.at("/steps/0/deadline").asString()).matches("\\d{4}-.*Z");
        assertThat(saga.at("/steps/0/awaits").toString())
                .isEqualTo("[\"StockReserved\",\"PaymentAuthorized\",\"StockReservationRejected\"]");
        assertThat(saga.at("/steps/2/limit").asString()).isEqualTo("deadline order-time-limit");

        assertThat(status.at("/contexts/1/sagas/0/steps/0/step").asString()).isEqualTo("hold");
        assertThat(texts(status.at("/awaited"), "step")).containsExactly("goods", "payment", "hold");
        assertThat(texts(status.at("/missing"), "context")).containsExactly("confused", "gone", "payment", "slow");
        assertThat(texts(status.at("/missing"), "reason"))
                .containsExactly(
                        "gave an answer that cannot be understood",
                        "cannot be reached",
                        "answered 404",
                        "did not answer within 1000 ms");
        assertThat(QUESTIONS).contains("/stock/process?key=" + orderId, "/payment/process?key=" + orderId);
        assertThat(status.toString()).doesNotContain("tok_ok");
    }

    @Test
    void anUnknownOrderIsNotFound() {
        Http.Answer answer = http.get("/saga/status?order_id=none");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.text("detail")).isEqualTo("There is no order none");
    }

    @Test
    void whatIsNoOrderIdIsRefused() {
        for (String query : List.of("", "?order_id=", "?order_id=%2Fetc%2Fpasswd", "?order_id=" + "x".repeat(500))) {
            Http.Answer answer = http.get("/saga/status" + query);
            assertThat(answer.status()).as(query).isEqualTo(400);
            assertThat(answer.header("Content-Type")).as(query).startsWith("application/problem+json");
        }
    }

    @Test
    void theEndpointOfAContextTellsOfAnyKey() {
        String orderId = http.post("/orders", ORDER).text("orderId");
        JsonNode own = Patience.await("the saga has begun")
                .until(
                        () -> http.get("/actuator/process?key=" + orderId).json(),
                        it -> it.at("/sagas").size() == 1);
        assertThat(own.at("/deadlines/0/deadline").asString()).isEqualTo("order-time-limit");
        JsonNode unknown =
                http.get("/actuator/process?key=a%2Fb%3F%22%27%F0%9F%98%80").json();
        assertThat(unknown.at("/processKey").asString()).isEqualTo("a/b?\"'😀");
        assertThat(unknown.at("/sagas").isEmpty()).isTrue();
        assertThat(http.get("/actuator/process").status()).isEqualTo(400);
        assertThat(http.get("/actuator/env").status()).isEqualTo(404);
    }

    private static List<String> texts(JsonNode array, String property) {
        List<String> texts = new ArrayList<>();
        array.forEach(it ->
                texts.add(it.path(property).isNull() ? "" : it.path(property).asString()));
        return texts;
    }
}
