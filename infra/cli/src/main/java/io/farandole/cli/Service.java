package io.farandole.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A service, as an operator meets it: JSON over HTTP. What it refuses ends the command, with its own sentence. */
final class Service {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int LONGEST_REFUSAL = 1 << 16;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private static final List<String> LISTS = List.of(
            "/parked",
            "/parkedgroups",
            "/parkedretries",
            "/timeline",
            "/rebuild",
            "/erasure",
            "/bundle",
            "/reconciliation",
            "/books",
            "/backfill");

    private final String name;
    private final URI address;
    private final URI actuator;
    private final SignIn signIn;
    private final PrintWriter err;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();

    Service(String name, URI address, URI actuator, SignIn signIn, PrintWriter err) {
        this.name = name;
        this.address = address;
        this.actuator = actuator;
        this.signIn = signIn;
        this.err = err;
    }

    String name() {
        return name;
    }

    /** Asks Actuator. */
    JsonNode operations(String path, Map<String, @Nullable String> parameters) {
        return send(signed(actuator + path + query(parameters)).GET());
    }

    /** Asks Actuator for a text, such as a picture. */
    String operationsText(String path, Map<String, @Nullable String> parameters) {
        HttpRequest asked = signed(actuator + path + query(parameters))
                .setHeader("Accept", "*/*")
                .GET()
                .build();
        HttpResponse<String> response = answer(asked);
        if (response.statusCode() / 100 == 2) {
            return response.body();
        }
        throw refusal(response.statusCode(), body(response), asked);
    }

    /** Has Actuator do something. */
    JsonNode operate(String path, Map<String, @Nullable Object> fields) {
        return send(signed(actuator + path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(fields))));
    }

    /** What is done with an answer while it comes. */
    @FunctionalInterface
    interface Reading<T> {
        T read(InputStream in) throws IOException;
    }

    /** Has Actuator do something, and reads its answer while it comes, however long that is; nothing may come for a minute at most. */
    <T> T operateStreaming(String path, Map<String, @Nullable Object> fields, Reading<T> reading) {
        HttpRequest asked = signed(actuator + path)
                .setHeader("Accept", "*/*")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(fields)))
                .build();
        try {
            HttpResponse<InputStream> response = http.send(asked, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = new StalledStream(response.body(), ANSWER)) {
                if (response.statusCode() / 100 == 2) {
                    return reading.read(in);
                }
                String text = new String(in.readNBytes(LONGEST_REFUSAL), StandardCharsets.UTF_8);
                throw refusal(response.statusCode(), parsed(text), asked);
            }
        } catch (IOException e) {
            throw EndedException.notReached(name + " cannot be reached at " + origin(asked) + ", or broke off ("
                    + reason(e) + "). Does it run?");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw EndedException.notReached("interrupted");
        }
    }

    /** Asks the service itself. */
    JsonNode ask(String path, Map<String, @Nullable String> parameters) {
        return send(request(address + path + query(parameters)).GET());
    }

    private HttpRequest.Builder signed(String uri) {
        HttpRequest.Builder request = request(uri);
        signIn.header().ifPresent(header -> {
            URI target = URI.create(uri);
            if (!"https".equals(target.getScheme()) && !LOOPBACK.contains(target.getHost())) {
                err.println("farandole: warning: " + target.getHost()
                        + " is asked without TLS, and everybody on the way can read the password");
            }
            request.header("Authorization", header);
        });
        return request;
    }

    private static HttpRequest.Builder request(String uri) {
        return HttpRequest.newBuilder(URI.create(uri))
                .timeout(ANSWER)
                .header("Accept", "application/json, application/problem+json");
    }

    private static String query(Map<String, @Nullable String> parameters) {
        StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
        parameters.forEach((name, value) -> {
            if (value != null) {
                query.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
            }
        });
        return query.toString();
    }

    private JsonNode send(HttpRequest.Builder request) {
        HttpRequest built = request.build();
        HttpResponse<String> response = answer(built);
        JsonNode body = body(response);
        if (response.statusCode() / 100 == 2 && body != null) {
            return body;
        }
        throw refusal(response.statusCode(), body, built);
    }

    private HttpResponse<String> answer(HttpRequest built) {
        try {
            return http.send(built, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw EndedException.notReached(name + " cannot be reached at " + origin(built) + " (" + reason(e)
                    + "). Does it run? What was asked of it may have been done.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw EndedException.notReached("interrupted");
        }
    }

    private static @Nullable JsonNode body(HttpResponse<String> response) {
        return parsed(response.body());
    }

    private static @Nullable JsonNode parsed(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            // Not JSON: somebody else answers at this address; the status tells the rest.
            return null;
        }
    }

    private EndedException refusal(int status, @Nullable JsonNode body, HttpRequest request) {
        String detail = body == null ? "" : body.path("detail").asString("");
        String sentence = name + ": "
                + (detail.isEmpty()
                        ? "the answer from " + origin(request) + " is HTTP " + status
                                + ", and not from Farandole's endpoints"
                        : detail);
        if (status == 401) {
            return EndedException.notReached(sentence + " (FARANDOLE_OPERATOR and FARANDOLE_OPERATOR_PASSWORD.)");
        }
        if (status == 400) {
            return EndedException.usage(sentence);
        }
        if (status == 404 && body != null && !body.has("outcome") && isEndpoint(request)) {
            return EndedException.notReached(
                    sentence
                            + " (If that is all it says: are its endpoints exposed? See management.endpoints.web.exposure.include.)");
        }
        if (status == 429 || status >= 500 || detail.isEmpty()) {
            return EndedException.notReached(sentence);
        }
        return EndedException.refused(sentence);
    }

    /** What these have not found is told with an outcome, so they are missing themselves without one. */
    private boolean isEndpoint(HttpRequest request) {
        return LISTS.stream().anyMatch(list -> request.uri().getPath().equals(actuator.getPath() + list));
    }

    private static String origin(HttpRequest request) {
        return request.uri().getScheme() + "://" + request.uri().getAuthority();
    }

    private static String reason(IOException failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
