package io.farandole.acceptance.crash;

import io.farandole.acceptance.shop.RunningShop;
import io.farandole.messaging.JsonCodec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/** Poisons stock now and then, and decides about the processes that are parked because of it, over HTTP. */
final class Person implements AutoCloseable {

    private static final String NAME = "anna";
    private static final String PASSWORD = "only-in-a-test";
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final int POISON_CHANGES_AFTER_LOOKS = 4;

    /** What the services must be told, for this person to sign in, and to see what happens soon. */
    static final Map<String, String> ENVIRONMENT = Map.of(
            "SPRING_PROFILES_ACTIVE", "dev",
            "FARANDOLE_OPERATIONS_OPERATORS_ANNA", "{noop}" + PASSWORD,
            "MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE", "health,process,parked,parkedprocess,parkedretries",
            "FARANDOLE_PROCESSORS_RETRY", "2 attempts, each wait 300 ms",
            "FARANDOLE_ALERTS_INTERVAL", "1s");

    private final URI operations;
    private final Poison poison;
    private final JsonCodec json = new JsonCodec();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final CountDownLatch healed = new CountDownLatch(1);
    private final CountDownLatch gone = new CountDownLatch(1);
    private final CompletableFuture<Void> work;

    /** Starts at once. */
    Person(RunningShop shop, Poison poison) {
        this.operations = shop.address("stock").resolve("/actuator/");
        this.poison = poison;
        this.work = CompletableFuture.runAsync(this::work, task -> new Thread(task, "acceptance-person").start());
    }

    private void work() {
        try {
            for (int look = 0; !gone.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS); look++) {
                boolean works = healed.getCount() > 0 && look / POISON_CHANGES_AFTER_LOOKS % 2 == 0;
                poison.works(works);
                if (healed.getCount() > 0) {
                    poison.sendNonsense();
                }
                look();
            }
        } catch (Exception e) {
            throw new IllegalStateException("The person gave up", e);
        }
    }

    private void look() throws InterruptedException {
        try {
            JsonNode parked = ask(request("parked?status=PARKED&limit=20").GET().build());
            int number = 0;
            for (JsonNode process : parked.path("processes")) {
                decide(process, number++);
            }
        } catch (IOException e) {
            // The service is dead, or was while it answered. What was decided is decided; the next look tells.
        }
    }

    /** In turns the three ways that leave nothing undone: give the order up, retry it, retry all that failed. */
    private void decide(JsonNode process, int number) throws IOException, InterruptedException {
        String processor = process.path("processor").asString();
        if (number % 3 == 2) {
            post("parkedretries", Map.of("processor", processor, "reason", "it may work again"));
            return;
        }
        post(
                "parkedprocess",
                Map.of(
                        "processor",
                        processor,
                        "key",
                        process.path("processKey").asString(),
                        "failedEventId",
                        process.path("failedEventId").asString(),
                        "decision",
                        number % 3 == 0 ? "RETRY" : "COMPENSATE",
                        "reason",
                        "nobody can wait for it"));
    }

    private void post(String path, Map<String, String> body) throws IOException, InterruptedException {
        ask(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json.write(body)))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        String credentials =
                Base64.getEncoder().encodeToString((NAME + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(operations.resolve(path))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Basic " + credentials);
    }

    /** What was refused for how things are now, as a process that has moved on, is left to the next look. */
    private JsonNode ask(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() == 400 || answer.statusCode() == 401 || answer.statusCode() == 403) {
            throw new IllegalStateException(
                    request.uri() + " was answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.statusCode() == 200 ? json.readTree(answer.body()) : json.readTree("{}");
    }

    /** From now on nothing is poisoned; the person goes on deciding until everything is settled. */
    void heal() {
        healed.countDown();
    }

    /** Goes; throws if the work could not be done. */
    void end() throws ExecutionException, InterruptedException, TimeoutException {
        gone.countDown();
        work.get(1, TimeUnit.MINUTES);
    }

    @Override
    public void close() {
        gone.countDown();
    }
}
