package io.farandole.shop.order.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.shop.order.OrderApplication;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The coordinator on a real database, without a broker, with participants that do as they are told. */
class OrderCoordinationIT {

    private static final String RESERVE = "PUT reservations";
    private static final String CHARGE = "PUT charges";
    private static final String CONFIRM = "POST reservations/confirmation";
    private static final String UNDO = "DELETE charges";
    private static final String RELEASE = "DELETE reservations";
    private static final Duration WITHIN = Duration.ofMinutes(2);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private static ScriptedParticipants participants;
    private static Dance dance;
    private static RunningContext context;

    @BeforeAll
    static void starts() throws IOException {
        participants = new ScriptedParticipants();
        dance = Dance.of(Dancer.of("order", OrderApplication.class)
                .with("farandole.rabbitmq.enabled", "false")
                .with("shop.order.coordination.stock-url", participants.address())
                .with("shop.order.coordination.payment-url", participants.address() + "/")
                .with("shop.order.coordination.time-limit", "3s"));
        context = dance.context("order");
    }

    @AfterAll
    static void stops() {
        dance.close();
        participants.close();
    }

    @Test
    void conductsASale() throws Exception {
        HttpResponse<String> accepted = post("p-1", "tok_later", "");
        assertThat(accepted.headers().firstValue("Location"))
                .hasValue("/coordinated-orders/"
                        + JSON.readTree(accepted.body()).path("orderId").asString());
        String orderId = id(accepted);
        assertThat(get("/coordinated-orders/" + orderId).statusCode()).isEqualTo(200);
        JsonNode closed = closed(orderId);
        assertThat(closed.path("status").asString()).isEqualTo("CONFIRMED");
        assertThat(closed.path("total").path("amount").asString()).isEqualTo("19.80");
        assertThat(participants.askedFor(orderId)).containsExactly(RESERVE, CHARGE, CONFIRM);
        assertThat(participants.allAskedFor(orderId)).filteredOn(CHARGE::equals).hasSize(4);
        assertEnded(orderId);
    }

    @ParameterizedTest
    @CsvSource({
        "p-refused, tok_ok, insufficient-stock, PUT reservations",
        "p-1, tok_declined, declined, PUT reservations|PUT charges|DELETE reservations",
        "p-silent, tok_ok, stock-unavailable, PUT reservations|DELETE reservations",
        "p-1, tok_silent, payment-unavailable, PUT reservations|PUT charges|DELETE charges|DELETE reservations",
        "p-expired, tok_ok, expired,"
                + " PUT reservations|PUT charges|POST reservations/confirmation|DELETE charges|DELETE reservations"
    })
    void undoesInReverseOrderWhatWasOrMayHaveBeenDone(String product, String token, String reason, String calls)
            throws Exception {
        String orderId = id(post(product, token, ""));
        JsonNode closed = closed(orderId);
        assertThat(closed.path("status").asString()).isEqualTo("CANCELLED");
        assertThat(closed.path("reason").asString()).isEqualTo(reason);
        assertThat(participants.askedFor(orderId)).containsExactly(calls.split("\\|"));
        assertEnded(orderId);
    }

    @Test
    void parksWhatCannotBeUndone() throws Exception {
        String orderId = id(post("p-stuck", "tok_declined", ""));
        JdbcTemplate jdbc = new JdbcTemplate(context.database().appDataSource());
        Patience.await().atMost(WITHIN).untilAsserted(() -> assertThat(jdbc.queryForObject(
                        "select count(*) from farandole.parked_process where process_key = ?", Long.class, orderId))
                .isEqualTo(1));
        assertThat(participants.askedFor(orderId)).containsExactly(RESERVE, CHARGE, RELEASE);
        assertThat(participants.allAskedFor(orderId))
                .filteredOn(RELEASE::equals)
                .hasSizeGreaterThan(1);
        JsonNode order = JSON.readTree(get("/coordinated-orders/" + orderId).body());
        assertThat(order.path("status").asString()).isEqualTo("CANCELLED");
        assertThat(order.has("closedAt")).isFalse();
    }

    @Test
    void publishesNothing() throws Exception {
        String orderId = id(post("p-1", "tok_ok", ""));
        closed(orderId);
        assertThat(new JdbcTemplate(context.database().appDataSource())
                        .queryForObject(
                                "select count(*) from farandole.journal where process_key = ? and wire_type is not null",
                                Long.class,
                                orderId))
                .isZero();
    }

    @Test
    void takesNoAddress() throws Exception {
        assertThat(post("p-1", "tok_ok", "\"deliverTo\":\"Ada\",").statusCode()).isEqualTo(422);
    }

    @Test
    void tellsEveryStep() throws Exception {
        String orderId = id(post("p-1", "tok_declined", ""));
        closed(orderId);
        assertThat(get("/coordinated-orders/" + orderId + "/process").body())
                .contains("reserve", "COMPENSATED", "charge", "FAILED");
        assertThat(get("/coordinated-orders/none").statusCode()).isEqualTo(404);
        assertThat(get("/coordinated-orders/none/process").statusCode()).isEqualTo(404);
        assertThat(List.of(UNDO)).doesNotContainAnyElementsOf(participants.askedFor(orderId));
    }

    private static void assertEnded(String orderId) {
        assertThat(new JdbcTemplate(context.database().appDataSource())
                        .queryForObject(
                                "select count(*) from farandole.saga where process_key = ? and ended_at is null",
                                Long.class,
                                orderId))
                .isZero();
    }

    private static JsonNode closed(String orderId) {
        return Patience.await()
                .atMost(WITHIN)
                .until(
                        () -> JSON.readTree(
                                get("/coordinated-orders/" + orderId).body()),
                        order -> order.has("closedAt"));
    }

    private static String id(HttpResponse<String> accepted) {
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        return JSON.readTree(accepted.body()).path("orderId").asString();
    }

    private static HttpResponse<String> post(String product, String token, String more)
            throws IOException, InterruptedException {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + context.port() + "/coordinated-orders"))
                        .timeout(Duration.ofSeconds(30))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{" + more
                                + "\"customerId\":\"c\",\"paymentToken\":\"" + token + "\",\"lines\":[{\"productId\":\""
                                + product
                                + "\",\"quantity\":2,\"unitPrice\":{\"amount\":\"9.90\",\"currency\":\"EUR\"}}]}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + context.port() + path))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
