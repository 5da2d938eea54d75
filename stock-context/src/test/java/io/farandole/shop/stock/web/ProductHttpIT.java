package io.farandole.shop.stock.web;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The stock service over HTTP, on a real database; the broker is away, as it may be. */
class ProductHttpIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

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
    void aReceiptIsThereToBeReadAsSoonAsItIsAnswered() {
        for (int i = 1; i <= 150; i++) {
            HttpResponse<String> received = receive("p-1", "{\"quantity\":2}");
            assertThat(received.statusCode()).isEqualTo(200);
            assertThat(json(received).path("available").asLong()).isEqualTo(2L * i);
            JsonNode read = json(get("/products/p-1"));
            assertThat(read.path("productId").asString()).isEqualTo("p-1");
            assertThat(read.path("available").asLong()).isEqualTo(2L * i);
            assertThat(read.path("reserved").asLong()).isZero();
            assertThat(read.path("sold").asLong()).isZero();
        }
    }

    @Test
    void whatNobodyHasReceivedIsNotFound() {
        assertProblem(get("/products/none"), 404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"quantity\":0}",
                "{\"quantity\":-1}",
                "{\"quantity\":1000000001}",
                "{\"quantity\":99999999999999999999}",
                "{\"quantity\":1.5}",
                "{\"quantity\":\"1\"}",
                "{\"quantity\":true}",
                "{\"quantity\":null}",
                "{}",
                "[]",
                "null",
                "",
                "{\"quantity\":"
            })
    void aBadReceiptIsAProblemAndLeavesNoTrace(String body) {
        long before = head();
        assertProblem(receive("p-bad", body), 400);
        assertThat(head()).isEqualTo(before);
        assertProblem(get("/products/p-bad"), 404);
    }

    @Test
    void anOverlongOrStrangeProductIsAProblem() {
        assertProblem(receive("p".repeat(101), "{\"quantity\":1}"), 400);
        // Tomcat itself refuses this one, before anything of ours sees it, and in its own words.
        assertThat(receive("%00", "{\"quantity\":1}").statusCode()).isEqualTo(400);
        assertProblem(receive("a%20b", "{\"quantity\":1}"), 400);
    }

    @Test
    void aBodyBeyondTheLimitIsAProblem() {
        assertProblem(receive("p-big", "{\"quantity\":1,\"x\":\"" + "x".repeat(10 << 20) + "\"}"), 413);
    }

    @Test
    void theSameKeyIsTheSameReceipt() {
        String body = "{\"quantity\":5}";
        HttpResponse<String> first = receive("p-key", body, "Idempotency-Key", "k-1");
        HttpResponse<String> again = receive("p-key", body, "Idempotency-Key", "k-1");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(json(get("/products/p-key")).path("available").asLong()).isEqualTo(5);
        assertProblem(receive("p-key", "{\"quantity\":6}", "Idempotency-Key", "k-1"), 409);
    }

    @Test
    void manyReceiptsAtOnceAreAllCounted() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(8);
        try {
            List<Future<HttpResponse<String>>> all = IntStream.range(0, 200)
                    .mapToObj(i -> clients.submit(() -> receive("p-hot", "{\"quantity\":1}")))
                    .toList();
            long accepted = 0;
            for (Future<HttpResponse<String>> one : all) {
                HttpResponse<String> answer = one.get(Patience.SECONDS, TimeUnit.SECONDS);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                accepted++;
            }
            assertThat(json(get("/products/p-hot")).path("available").asLong()).isEqualTo(accepted);
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void theApiIsDescribed() {
        assertThat(json(get("/v3/api-docs")).path("paths").propertyNames())
                .contains("/products/{productId}", "/products/{productId}/receipts");
    }

    private static HttpResponse<String> receive(String product, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri("/products/" + product + "/receipts"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    private static HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)));
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

    private static URI uri(String path) {
        return URI.create("http://localhost:" + context.port() + path);
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    private static void assertProblem(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(json(answer).path("status").asInt()).isEqualTo(status);
    }

    private static long head() {
        Long head = new JdbcTemplate(context.database().appDataSource())
                .queryForObject("select count(*) from farandole.journal", Long.class);
        return head == null ? 0 : head;
    }
}
