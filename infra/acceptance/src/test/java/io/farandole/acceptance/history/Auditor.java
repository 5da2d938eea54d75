package io.farandole.acceptance.history;

import io.farandole.messaging.JsonCodec;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Asks the operations endpoints of a shop's services. */
final class Auditor {

    static final String NAME = "anna";
    static final String PASSWORD = "only-in-a-test";

    /** What the services must be told, for this person to sign in and ask. */
    static final Map<String, String> ENVIRONMENT = Map.of(
            "SPRING_PROFILES_ACTIVE", "dev",
            "FARANDOLE_OPERATIONS_OPERATORS_ANNA", "{noop}" + PASSWORD,
            "MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE",
                    "health,process,history,timeline,report,reconciliation,books,backfill,asyncapi",
            "FARANDOLE_OPERATIONS_ANSWER_WITHIN", "10s");

    private final JsonCodec json = new JsonCodec();
    private final HttpClient http = HttpClient.newHttpClient();

    JsonNode timeline(URI service, String key) throws IOException, InterruptedException {
        return json.readTree(ask(service, "timeline?key=" + encoded(key)).body());
    }

    String timelineAs(URI service, String format, String key) throws IOException, InterruptedException {
        return ask(service, "timeline?format=" + format + "&key=" + encoded(key))
                .body();
    }

    JsonNode report(URI service, String question) throws IOException, InterruptedException {
        return json.readTree(ask(service, "report?" + question).body());
    }

    HttpResponse<String> ask(URI service, String question) throws IOException, InterruptedException {
        return http.send(signedIn(service, question).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Has an endpoint do something. */
    HttpResponse<String> tell(URI service, String endpoint, String body) throws IOException, InterruptedException {
        return http.send(
                signedIn(service, endpoint)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder signedIn(URI service, String question) {
        String credentials =
                Base64.getEncoder().encodeToString((NAME + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(service.resolve("/actuator/" + question))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Basic " + credentials);
    }

    private static String encoded(String key) {
        return URLEncoder.encode(key, StandardCharsets.UTF_8);
    }
}
