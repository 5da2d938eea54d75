package io.farandole.acceptance.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.farandole.acceptance.crash.Poison;
import io.farandole.acceptance.shop.Customers;
import io.farandole.acceptance.shop.RunningShop;
import io.farandole.messaging.JsonCodec;
import io.farandole.testservers.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A ticket: {@code POST /orders} answers 202 with {@code Location} once the order is durable, whatever happens to the service after that; the
 * client polls its status or has it streamed, stock follows; and where stock fails again and again, somebody is told and resolves it,
 * which the ticket shows.
 */
class TicketIT {

    private static final String PASSWORD = "only-in-a-test";
    private static final int DEATHS = 3;

    private static final JsonCodec JSON = new JsonCodec();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private static HttpServer alerted;
    private static final List<JsonNode> ALERTS = new CopyOnWriteArrayList<>();
    private static RunningShop shop;

    @BeforeAll
    static void opens() throws Exception {
        alerted = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        alerted.createContext("/alerts", exchange -> {
            ALERTS.add(JSON.readTree(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        alerted.start();
        shop = RunningShop.open(new RunningShop.Layout(
                RunningShop.Layout.QUICK.javaOptions(),
                RunningShop.Layout.QUICK.databaseUrl(),
                Map.of(
                        "SPRING_PROFILES_ACTIVE",
                        "dev",
                        "FARANDOLE_OPERATIONS_OPERATORS_ANNA",
                        "{noop}" + PASSWORD,
                        "MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE",
                        "health,process,parked,parkedprocess",
                        "FARANDOLE_PROCESSORS_RETRY",
                        "3 attempts, each wait 100 ms",
                        "FARANDOLE_ALERTS_INTERVAL",
                        "1s",
                        "FARANDOLE_ALERTS_WEBHOOK_URL",
                        "http://127.0.0.1:" + alerted.getAddress().getPort() + "/alerts")));
        Customers.receive(shop.address("stock"), Customers.PLENTY, 1_000);
        Customers.receive(shop.address("stock"), Poison.PRODUCT, 1_000);
    }

    @AfterAll
    static void closes() {
        if (shop != null) {
            shop.close();
        }
        if (alerted != null) {
            alerted.stop(0);
        }
    }

    @Test
    void whatWasAnswered202IsThereThoughTheServiceDiesRightAfterTheAnswer() throws Exception {
        for (int death = 0; death < DEATHS; death++) {
            HttpResponse<String> answer = order("dies-" + death, Customers.PLENTY);
            shop.service("order").kill();
            assertThat(answer.statusCode()).isEqualTo(202);
            String ticket = answer.headers().firstValue("Location").orElseThrow();
            assertThat(ticket)
                    .isEqualTo("/orders/"
                            + JSON.readTree(answer.body()).path("orderId").asString());
            shop.service("order").start();
            shop.service("order").awaitReady();
            assertThat(status(ticket)).isIn("PENDING", "CONFIRMED");
            Patience.await(ticket).until(() -> status(ticket).equals("CONFIRMED"));
            // Asked for again, as a client does that was not sure: the same ticket.
            assertThat(order("dies-" + death, Customers.PLENTY).headers().firstValue("Location"))
                    .contains(ticket);
        }
    }

    @Test
    void theTicketIsPolledAndStreamedAndStockFollows() throws Exception {
        long sold = sold(Customers.PLENTY);
        String ticket = order("streamed", Customers.PLENTY)
                .headers()
                .firstValue("Location")
                .orElseThrow();
        try (Stream stream = new Stream(ticket)) {
            stream.awaits("CONFIRMED");
            assertThat(stream.seen()).last().isEqualTo("CONFIRMED");
        }
        assertThat(status(ticket)).isEqualTo("CONFIRMED");
        Patience.await("stock follows").until(() -> sold(Customers.PLENTY) > sold);
    }

    @Test
    void whereStockFailsAgainAndAgainSomebodyIsToldAndResolvesItAndTheTicketShowsTheEnd() throws Exception {
        Poison poison = new Poison(shop);
        poison.works(true);
        String ticket = order("poisoned", Poison.PRODUCT)
                .headers()
                .firstValue("Location")
                .orElseThrow();
        String orderId = ticket.substring("/orders/".length());
        JsonNode alert = Patience.await("an alert")
                .until(
                        () -> ALERTS.stream()
                                .filter(it -> it.path("processKey").asString().equals(orderId))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
        assertThat(alert.path("kind").asString()).isEqualTo("process-parked");
        assertThat(alert.path("context").asString()).isEqualTo("stock");
        assertThat(alert.path("place").asString()).isEqualTo("stock-reservation");
        assertThat(status(ticket)).isEqualTo("PENDING");
        // Nobody else is held up.
        String other = order("beside", Customers.PLENTY)
                .headers()
                .firstValue("Location")
                .orElseThrow();
        Patience.await(other).until(() -> status(other).equals("CONFIRMED"));

        try (Stream stream = new Stream(ticket)) {
            poison.works(false);
            JsonNode parked = operations("parked?status=PARKED&limit=20", null).path("processes");
            JsonNode process = parked.valueStream()
                    .filter(it -> it.path("processKey").asString().equals(orderId))
                    .findFirst()
                    .orElseThrow();
            JsonNode decided = operations(
                    "parkedprocess",
                    JSON.write(Map.of(
                            "processor",
                            process.path("processor").asString(),
                            "key",
                            orderId,
                            "failedEventId",
                            process.path("failedEventId").asString(),
                            "decision",
                            "RETRY",
                            "reason",
                            "the shelf is put right")));
            assertThat(decided.toString()).contains("ACCEPTED");
            stream.awaits("CONFIRMED");
        }
        assertThat(status(ticket)).isEqualTo("CONFIRMED");
        Patience.await().until(() -> sold(Poison.PRODUCT) == 1);
        assertThat(ALERTS.stream().filter(it -> it.path("processKey").asString().equals(orderId)))
                .as("told once")
                .hasSize(1);
    }

    private static HttpResponse<String> order(String key, String product) throws Exception {
        String body =
                """
                {"customerId":"c-1","paymentToken":"tok_ok","lines":[
                 {"productId":"%s","quantity":1,"unitPrice":{"amount":"9.90","currency":"EUR"}}]}"""
                        .formatted(product);
        return HTTP.send(
                request(shop.address("order").resolve("/orders"))
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", key)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String status(String ticket) throws Exception {
        return get(shop.address("order").resolve(ticket)).path("status").asString();
    }

    private static long sold(String product) throws Exception {
        return get(shop.address("stock").resolve("/products/" + product))
                .path("sold")
                .asLong();
    }

    private static JsonNode get(URI address) throws Exception {
        HttpResponse<String> answer = HTTP.send(request(address).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    /** Asks the operations API of stock, signed in; posts the body if there is one. */
    private static JsonNode operations(String path, @Nullable String body) throws Exception {
        HttpRequest.Builder request = request(
                        shop.address("stock").resolve("/actuator/").resolve(path))
                .header(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(("anna:" + PASSWORD).getBytes(StandardCharsets.UTF_8)));
        if (body != null) {
            request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
        }
        HttpResponse<String> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static HttpRequest.Builder request(URI address) {
        return HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(20));
    }

    /** The server-sent events of a ticket, read as they come. */
    private static final class Stream implements AutoCloseable {

        private final List<String> seen = new CopyOnWriteArrayList<>();
        private final InputStream events;
        private final CompletableFuture<Void> reading;

        Stream(String ticket) throws Exception {
            HttpResponse<InputStream> answer = HTTP.send(
                    HttpRequest.newBuilder(shop.address("order").resolve(ticket + "/events"))
                            .header("Accept", "text/event-stream")
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
            events = answer.body();
            reading = CompletableFuture.runAsync(this::read);
        }

        private void read() {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(events, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("data:")) {
                        seen.add(JSON.readTree(line.substring("data:".length()))
                                .path("status")
                                .asString());
                    }
                }
            } catch (IOException closed) {
                // The test has seen enough, and has closed it.
                assertThat(closed).isNotNull();
            }
        }

        void awaits(String status) {
            Patience.await("the stream tells " + status).until(() -> seen.contains(status));
        }

        List<String> seen() {
            return new ArrayList<>(seen);
        }

        @Override
        public void close() throws IOException {
            events.close();
            Patience.await("nobody reads any more").until(reading::isDone);
        }
    }
}
