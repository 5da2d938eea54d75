package io.farandole.boot.operations;

import static io.farandole.boot.operations.Client.basic;
import static io.farandole.boot.operations.Client.json;
import static io.farandole.boot.operations.Client.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.boot.FarandoleConfigurationException;
import io.farandole.boot.operations.Client.Answer;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The endpoints on a management port of their own, under other paths, without operators, and not exposed. */
class OperationsElsewhereIT {

    @Test
    void onAManagementPortTheSameRulesHold() {
        try (PostOffice office = PostOffice.open(Map.of(
                "management.server.port", "0",
                "management.server.base-path", "/ops",
                "management.endpoints.web.path-mapping.parkedprocess", "stuck"))) {
            Client client = new Client(office.port("management"));
            String base = "/../ops/actuator";
            office.fail("elsewhere-1", new IllegalStateException("no label"));
            Answer shown = client.get(base + "/stuck" + query("processor", "courier", "key", "elsewhere-1"));
            assertThat(shown.text("/process/processKey")).as(shown.toString()).isEqualTo("elsewhere-1");
            assertThat(shown.text("/process/firstFailedAt")).matches("\\d{4}-.*Z");

            assertProblem(client.send(client.request(base + "/stuck").GET()), 401);
            assertProblem(client.send(client.request(base + "/parked").GET()), 401);
            assertProblem(client.post(base + "/stuck", "hello"), 400);
            assertProblem(client.post(base + "/parked", "{}"), 405);
            assertProblem(client.post(base + "/stuck", "{}", "Sec-Fetch-Site", "cross-site"), 403);
            assertProblem(
                    client.send(client.request(base + "/stuck")
                            .header("Authorization", basic("ada", PostOffice.PASSWORD))
                            .header("Content-Type", "text/plain")
                            .POST(HttpRequest.BodyPublishers.ofString("{}"))),
                    415);
            Answer skipped = client.post(
                    base + "/stuck",
                    json(
                            "processor", "courier",
                            "key", "elsewhere-1",
                            "failedEventId", shown.text("/process/failedEventId"),
                            "decision", "skip",
                            "reason", "lost"));
            assertThat(skipped.status()).as(skipped.toString()).isEqualTo(200);

            assertThat(new Client(office.port("server")).get("/parked").status())
                    .isEqualTo(404);
        }
    }

    /** Whoever sends it, and whether its length is told or not. */
    @Test
    void aBodyBeyondTheLimitIsRefusedOnBothPorts() {
        try (PostOffice office = PostOffice.open(Map.of("management.server.port", "0"))) {
            String large = json("reason", "x".repeat(70_000));
            Client management = new Client(office.port("management"));
            assertProblem(management.post("/parkedprocess", large), 413);
            assertProblem(
                    management.send(management
                            .request("/parkedprocess")
                            .header("Authorization", basic("ada", PostOffice.PASSWORD))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofInputStream(
                                    () -> new ByteArrayInputStream(large.getBytes(StandardCharsets.US_ASCII))))),
                    413);
            assertProblem(
                    management.send(management
                            .request("/parkedprocess")
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(large))),
                    413);
            assertProblem(management.post("/parkedprocess", json("reason", "x".repeat(60_000))), 400);
            assertThat(management.send(management.request("/health").GET()).status())
                    .isEqualTo(200);
        }
        try (PostOffice office = PostOffice.open(Map.of("farandole.web.max-body", "1KB"))) {
            Client client = new Client(office.port("server"));
            assertProblem(client.post("/parkedprocess", json("reason", "x".repeat(1_100))), 413);
        }
    }

    @Test
    void withoutOperatorsAndOwnSecurityNobodyIsLetInAndThePropertyIsNamed() {
        try (PostOffice office = PostOffice.open(
                Map.of("farandole.operations.operators.ada", "", "farandole.operations.operators.bob", ""))) {
            Answer answer = new Client(office.port("server")).get("/parked");
            assertProblem(answer, 401);
            assertThat(answer.text("/detail")).contains("farandole.operations.operators.<name>");
        }
    }

    @Test
    void whatIsNotExposedIsNotThere() {
        try (PostOffice office = PostOffice.open(Map.of("management.endpoints.web.exposure.include", ""))) {
            Client client = new Client(office.port("server"));
            assertThat(client.get("/parked").status()).isEqualTo(404);
            assertThat(client.get("/parkedretries").status()).isEqualTo(404);
        }
    }

    @Test
    void plainTextPasswordsAreForDevelopmentOnly() {
        assertThatThrownBy(() -> PostOffice.open(Map.of("farandole.operations.operators.ada", "{noop}secret")))
                .rootCause()
                .isInstanceOf(FarandoleConfigurationException.class)
                .hasMessageContaining("farandole.operations.operators.ada")
                .hasMessageContaining("profile dev")
                .hasMessageNotContaining("secret");
        try (PostOffice office = PostOffice.open(Map.of(
                "farandole.operations.operators.ada",
                "{noop}" + PostOffice.PASSWORD,
                "spring.profiles.active",
                "dev"))) {
            assertThat(new Client(office.port("server")).get("/parked").status())
                    .isEqualTo(200);
        }
    }

    private static void assertProblem(Answer answer, int status) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().path("status").asInt()).isEqualTo(status);
        assertThat(answer.text("/detail")).isNotEmpty();
    }
}
