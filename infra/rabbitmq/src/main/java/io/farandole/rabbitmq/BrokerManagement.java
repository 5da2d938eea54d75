package io.farandole.rabbitmq;

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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/**
 * RabbitMQ's management HTTP API, read as the context's own user, who needs the tag {@code management}. Thread-safe.
 */
public final class BrokerManagement {

    private final URI base;
    private final String user;
    private final String authorization;
    private final String virtualHost;
    private final Duration timeout;
    private final HttpClient client;
    private final JsonCodec json = new JsonCodec();

    /**
     * The API of one broker.
     *
     * @param base such as {@code http://localhost:15672}
     * @param timeout for connecting and for each answer; 5 s is usual
     */
    public BrokerManagement(URI base, String user, String password, String virtualHost, Duration timeout) {
        this.base = URI.create(base.toString().replaceAll("/+$", ""));
        this.user = user;
        this.virtualHost = virtualHost;
        this.timeout = timeout;
        this.authorization =
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        this.client = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /** A queue; empty if there is none of this name. */
    Optional<JsonNode> queue(String name) throws IOException {
        return await(get("queues/" + encode(virtualHost) + "/" + encode(name)));
    }

    /** The bindings that end in a queue. */
    Optional<JsonNode> bindingsTo(String queue) throws IOException {
        return await(get("queues/" + encode(virtualHost) + "/" + encode(queue) + "/bindings"));
    }

    /** The bindings that start from an exchange. */
    CompletableFuture<Optional<JsonNode>> bindingsFrom(String exchange) {
        return get("exchanges/" + encode(virtualHost) + "/" + encode(exchange) + "/bindings/source");
    }

    Optional<JsonNode> await(CompletableFuture<Optional<JsonNode>> answer) throws IOException {
        try {
            return answer.get(2 * timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(this + " cannot be asked: " + reason(e.getCause() == null ? e : e.getCause()), e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException(this + " does not answer within " + timeout, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while asking " + this, e);
        }
    }

    private static String reason(Throwable failure) {
        String text = failure.getMessage();
        return text == null || text.isBlank() ? failure.getClass().getSimpleName() : text;
    }

    private CompletableFuture<Optional<JsonNode>> get(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/api/" + path))
                .header("Authorization", authorization)
                .timeout(timeout)
                .GET()
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
                .thenApply(this::read);
    }

    private Optional<JsonNode> read(HttpResponse<String> response) {
        return switch (response.statusCode()) {
            case 200 -> Optional.of(json.readTree(response.body()));
            case 404 -> Optional.empty();
            case 401 ->
                throw new IllegalStateException("it refuses user " + user
                        + ": the user needs the tag management (rabbitmqctl set_user_tags " + user
                        + " management), and the password must be right");
            default -> throw new IllegalStateException("it answers HTTP " + response.statusCode());
        };
    }

    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Names the address, not the password. */
    @Override
    public String toString() {
        return "RabbitMQ's management API at " + base + " as user " + user;
    }
}
