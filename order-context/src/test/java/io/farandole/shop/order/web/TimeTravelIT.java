package io.farandole.shop.order.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.audit.recording.ProcessRecording;
import io.farandole.shop.order.OrderApplication;
import io.farandole.shop.order.ordering.OrderCommand.CancelOrder;
import io.farandole.testkit.Dance;
import io.farandole.testkit.Dancer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What an operator can ask about an order's past, over HTTP, at the service on a real database. */
class TimeTravelIT {

    private static final String ORDER =
            "{\"customerId\":\"c-1\",\"paymentToken\":\"tok_ok\",\"lines\":[{\"productId\":\"p-1\","
                    + "\"quantity\":2,\"unitPrice\":{\"amount\":\"9.90\",\"currency\":\"EUR\"}}]}";
    private static final String ADA =
            "Basic " + Base64.getEncoder().encodeToString("ada:secret".getBytes(StandardCharsets.UTF_8));

    private static Dance dance;
    private static Http http;

    @BeforeAll
    static void starts() {
        dance = Dance.of(Dancer.of("order", OrderApplication.class)
                .with("farandole.rabbitmq.enabled", "false")
                .with("spring.profiles.active", "dev")
                .with("farandole.operations.operators.ada", "{noop}secret")
                .with(
                        "management.endpoints.web.exposure.include",
                        "health,aggregatestate,aggregatediff,aggregateversions,whatif,recordedprocess"));
        http = new Http(dance.context("order").port());
    }

    @AfterAll
    static void stops() {
        dance.close();
    }

    private static Http.Answer ask(String endpoint, String... namesAndValues) {
        StringBuilder query = new StringBuilder("/actuator/" + endpoint);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            query.append(i == 0 ? '?' : '&')
                    .append(namesAndValues[i])
                    .append('=')
                    .append(URLEncoder.encode(namesAndValues[i + 1], StandardCharsets.UTF_8));
        }
        return http.send(http.request(query.toString()).header("Authorization", ADA));
    }

    private static String cancelledOrder() {
        String id = http.post("/orders", ORDER).text("orderId");
        dance.context("order").send(new CancelOrder(id, "test"));
        return id;
    }

    @Test
    void anOrderIsShownAsItWas() {
        String id = cancelledOrder();
        JsonNode versions = ask("aggregateversions", "id", id).json();
        assertThat(versions.at("/aggregateType").asString()).isEqualTo("Order");
        assertThat(versions.at("/versions/0/type").asString()).isEqualTo("order.placed.v1");
        int last = versions.at("/versions").size() - 1;
        assertThat(versions.at("/versions/" + last + "/type").asString()).isEqualTo("order.cancelled.v1");

        JsonNode first = ask("aggregatestate", "id", id, "sequence", "0").json().path("aggregate");
        assertThat(first.at("/state/orderId").asString()).isEqualTo(id);
        assertThat(first.at("/state/facts/phase").asString()).isEqualTo("PENDING");
        assertThat(first.at("/lastSequence").asInt()).isEqualTo(last);
        JsonNode now = ask("aggregatestate", "id", id).json().path("aggregate");
        assertThat(now.at("/state/facts/phase").asString()).isEqualTo("CANCELLED");
        assertThat(ask(
                                "aggregatestate",
                                "id",
                                id,
                                "at",
                                now.at("/version/occurredAt").asString())
                        .json()
                        .path("aggregate"))
                .isEqualTo(now);

        JsonNode changes = ask("aggregatediff", "id", id, "from", "0").json().at("/difference/changes");
        assertThat(changes).anySatisfy(change -> {
            assertThat(change.at("/field").asString()).isEqualTo("facts.phase");
            assertThat(change.at("/before").asString()).isEqualTo("PENDING");
            assertThat(change.at("/after").asString()).isEqualTo("CANCELLED");
            assertThat(change.at("/by/0").asInt()).isEqualTo(last);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    aggregatestate?id=nobody                      | 404 | There is no aggregate nobody in this context
                    aggregatestate?id=ID&sequence=99              | 404 | its last one is
                    aggregatestate?id=ID&at=2001-01-01T00:00:00Z  | 404 | its first event occurred at
                    aggregatestate?id=ID&at=yesterday             | 400 | a time with its zone
                    aggregatestate?id=ID&at=7                     | 400 | a time with its zone
                    aggregatestate?id=ID&sequence=-1              | 400 | whole number
                    aggregatestate                                | 400 | id is missing
                    aggregatediff?id=ID                           | 400 | from is missing
                    aggregatediff?id=ID&from=1&to=0               | 422 | before the first one
                    aggregateversions?id=ID&limit=0               | 400 | limit
                    whatif                                        | 400 | saga is missing
                    whatif?saga=Nobody                            | 400 | there are [OrderFulfilment, OrderReturn]
                    whatif?saga=OrderReturn&from=yesterday        | 400 | a time with its zone
                    whatif?saga=OrderReturn&limit=0               | 400 | whole number
                    recordedprocess?key=nobody                    | 404 | no event of process nobody
                    recordedprocess                               | 400 | key is missing
                    """)
    void whatCannotBeAnsweredIsRefusedWithASentence(String path, int status, String sentence) {
        String asked = path.contains("ID") ? path.replace("ID", cancelledOrder()) : path;
        Http.Answer answer = http.send(http.request("/actuator/" + asked).header("Authorization", ADA));
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.text("detail")).contains(sentence);
    }

    @Test
    void theDeployedSagaIsReplayedAndNothingDiffers() {
        String id = cancelledOrder();
        JsonNode report = ask("whatif", "saga", "OrderFulfilment", "key", id).json();
        assertThat(report.at("/processes").asInt()).as(report.toString()).isEqualTo(1);
        assertThat(report.at("/differing").asInt()).as(report.toString()).isZero();
        assertThat(report.at("/before").asString()).isEqualTo("journal");
        assertThat(report.at("/actions/DEADLINE").asInt()).isEqualTo(1);
    }

    @Test
    void aProcessIsRecordedAsLinesOfAFile() {
        String id = cancelledOrder();
        JsonNode lines = ask("recordedprocess", "key", id).json().path("lines");
        ProcessRecording recording = ProcessRecording.parse(
                lines.valueStream().map(JsonNode::asString).toList());
        assertThat(recording.context()).isEqualTo("order");
        assertThat(recording.processKey()).isEqualTo(id);
        assertThat(recording.sagas()).singleElement().satisfies(saga -> assertThat(saga.saga())
                .isEqualTo("OrderFulfilment"));
        assertThat(recording.aggregates()).singleElement().satisfies(order -> assertThat(order.aggregateId())
                .isEqualTo(id));
    }

    @Test
    void nobodyIsToldWithoutSigningIn() {
        assertThat(http.get("/actuator/aggregatestate?id=x").status()).isEqualTo(401);
        assertThat(http.get("/actuator/aggregatediff?id=x&from=0").status()).isEqualTo(401);
        assertThat(http.get("/actuator/aggregateversions?id=x").status()).isEqualTo(401);
        assertThat(http.get("/actuator/whatif?saga=OrderReturn").status()).isEqualTo(401);
        assertThat(http.get("/actuator/recordedprocess?key=x").status()).isEqualTo(401);
    }
}
