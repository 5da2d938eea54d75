package io.farandole.acceptance.demo;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A till sends commands over the broker, with nothing but the broker's management API: goods come in, an order is placed, both are sent twice and
 * carried out once, and what is wrong is refused with its reason. Expected: each answer as the contract says, and books that balance.
 */
final class Commands implements Demo.Story {

    private static final String RECEIVE = "stock.receive-goods.v1";
    private static final String PLACE = "order.place-order.v1";
    private static final long PIECES = 40;
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .build();
    private final String api;
    private final String vhost;
    private final String user;
    private final String authorization;
    private final Shop shop;
    private final String run = Long.toString(System.currentTimeMillis(), 36);
    private final String product = "till-" + run;

    /** What has come and was not waited for, by the command's id: an answer may come late, or twice. */
    private final Map<String, String> answers = new HashMap<>();

    private boolean good = true;

    Commands(Demo.Addresses addresses) {
        this.api = addresses.of("rabbitmq-management") + "/api/";
        this.vhost = addresses.setting("RABBITMQ_VHOST");
        this.user = addresses.setting("TILL_USER");
        this.authorization = "Basic "
                + Base64.getEncoder()
                        .encodeToString(
                                (user + ":" + addresses.setting("TILL_PASSWORD")).getBytes(StandardCharsets.UTF_8));
        this.shop = new Shop(
                addresses.of("order"), addresses.of("stock"), addresses.of("payment"), addresses.of("provider"));
    }

    @Override
    public boolean play() throws IOException, InterruptedException {
        System.out.printf("%n  %-4s %-22s %-8s %s%n", "", "command", "outcome", "");
        String receipt = "{\"productId\":" + Json.quote(product) + ",\"quantity\":" + PIECES + "}";
        DemoOrder order = DemoOrder.of(
                "from the till", "tok_ok", "CONFIRMED", new DemoOrder.Line(product, 3, new BigDecimal("9.90")));
        String received = expect("goods come in", "receipt", RECEIVE, receipt, "done");
        same("the same once more", "receipt", RECEIVE, receipt, received);
        String placed = expect("an order", "order", PLACE, order.json(), "done");
        same("the same once more", "order", PLACE, order.json(), placed);
        expect("its id, other goods", "receipt", RECEIVE, receipt.replace("40", "41"), "id-reused");
        expect("no JSON", "broken", RECEIVE, "{\"productId\":", "malformed-json");
        expect("no pieces", "none", RECEIVE, receipt.replace("40", "0"), "invalid");
        Instant past = Instant.now().minusSeconds(1);
        send("late", RECEIVE, receipt, ",\"headers\":{\"farandole-not-after\":" + Json.quote(past.toString()) + "}");
        expect("too late", answer("late"), "time-limit-passed");
        return ended(placed, order) && good;
    }

    private boolean ended(String placed, DemoOrder order) throws IOException, InterruptedException {
        if (!(Json.object(placed).get("result") instanceof Map<?, ?> result)) {
            return false;
        }
        String orderId = String.valueOf(result.get("orderId"));
        Outcome outcome = new Clerk(shop).await(order, orderId);
        System.out.printf("%n  Order %s is %s%n", orderId, outcome.status());
        return new Bookkeeper(shop).balance(List.of(outcome), Map.of(product, PIECES)) && outcome.asExpected();
    }

    /** Answers the answer. */
    private String expect(String what, String id, String type, String body, String outcome)
            throws IOException, InterruptedException {
        send(id, type, body, "");
        return expect(what, answer(id), outcome);
    }

    /** {@code outcome} is "done", or the reason of the refusal. */
    private String expect(String what, String answer, String outcome) {
        Map<?, ?> told = Json.object(answer);
        boolean done = "done".equals(told.get("outcome"));
        boolean asExpected = outcome.equals(done ? "done" : told.get("reason"));
        Object detail = done ? told.get("result") : told.get("reason") + ": " + told.get("detail");
        System.out.printf("  %-4s %-22s %-8s %s%n", asExpected ? "ok" : "NOT", what, told.get("outcome"), detail);
        good &= asExpected;
        return answer;
    }

    private void same(String what, String id, String type, String body, String first)
            throws IOException, InterruptedException {
        send(id, type, body, "");
        boolean same = answer(id).equals(first);
        System.out.printf(
                "  %-4s %-22s %-8s %s%n",
                same ? "ok" : "NOT", what, "done", same ? "the first answer, byte for byte" : "ANOTHER ANSWER");
        good &= same;
    }

    /** @param more properties, each with a comma before it */
    private void send(String id, String type, String body, String more) throws IOException, InterruptedException {
        String context = type.substring(0, type.indexOf('.'));
        String routed = ask(
                "exchanges/" + vhost + "/" + context + ".commands/publish",
                "{\"routing_key\":" + Json.quote(type) + ",\"payload_encoding\":\"string\",\"payload\":"
                        + Json.quote(body) + ",\"properties\":{\"message_id\":" + Json.quote(run + "-" + id)
                        + ",\"user_id\":" + Json.quote(user) + ",\"reply_to\":" + Json.quote(user + ".replies")
                        + ",\"content_type\":\"application/json\",\"delivery_mode\":2" + more + "}}");
        if (!Boolean.TRUE.equals(Json.object(routed).get("routed"))) {
            throw new IOException("Nobody takes " + type + ": " + routed);
        }
    }

    /** The next answer to a command of this run; whatever comes of other runs is passed over. */
    private String answer(String id) throws IOException, InterruptedException {
        String key = run + "-" + id;
        long start = System.nanoTime();
        while (!answers.containsKey(key)) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new IOException("No answer to command " + key + " within "
                        + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS) + " s");
            }
            Object got = Json.read(ask(
                    "queues/" + vhost + "/" + user + ".replies/get",
                    "{\"count\":10,\"ackmode\":\"ack_requeue_false\",\"encoding\":\"auto\"}"));
            List<?> messages = got instanceof List<?> list ? list : List.of();
            for (Object message : messages) {
                if (message instanceof Map<?, ?> reply && reply.get("properties") instanceof Map<?, ?> properties) {
                    answers.put(String.valueOf(properties.get("correlation_id")), String.valueOf(reply.get("payload")));
                }
            }
            if (messages.isEmpty()) {
                Clerk.pause(POLL_NANOS);
            }
        }
        return String.valueOf(answers.remove(key));
    }

    private String ask(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create(api + path))
                        .timeout(REQUEST_TIMEOUT)
                        .header("authorization", authorization)
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(path + " was answered " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }
}
