package io.farandole.acceptance.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.acceptance.shop.Customers;
import io.farandole.acceptance.shop.RunningShop;
import io.farandole.acceptance.shop.Settling;
import io.farandole.messaging.JsonCodec;
import io.farandole.testservers.Patience;
import io.farandole.verifier.Progress;
import io.farandole.verifier.PublicKeys;
import io.farandole.verifier.Range;
import io.farandole.verifier.Report;
import io.farandole.verifier.SealedJournal;
import io.farandole.verifier.Verification;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A whole shop keeps addresses, and one customer is erased. Each address holds a canary, which is looked for in databases, files and logs:
 * before the erasure as after it, for it is never kept in clear.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ErasureIT {

    private static final String ERASED = "customer-anna";
    private static final String KEPT = "customer-berta";
    private static final Duration REMEMBERED = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofMinutes(2);

    private static final String CANARY = "CANARY" + UUID.randomUUID();
    private static final String SECRET = UUID.randomUUID() + "-" + UUID.randomUUID();

    private static final JsonCodec JSON = new JsonCodec();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static Path directory = Path.of("");

    private static RunningShop shop;
    private static Canary canary;
    private static String confirmed = "";
    private static String cancelled = "";
    private static String parked = "";
    private static String kept = "";
    private static byte[] wrapped = new byte[0];

    private final Auditor auditor = new Auditor();

    @BeforeAll
    static void opens(@TempDir Path temporary) throws Exception {
        directory = temporary;
        KeyPair seal = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        pem("seal.pem", "PRIVATE KEY", seal.getPrivate().getEncoded());
        pem("seal.pub", "PUBLIC KEY", seal.getPublic().getEncoded());
        Files.createDirectories(directory.resolve("checkpoints"));
        Map<String, String> environment = new HashMap<>(Auditor.ENVIRONMENT);
        environment.put(
                "MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE",
                "health,process,history,timeline,erasure,personalkeys,rebuild,aggregatestate,parked,parkedprocess");
        environment.put("FARANDOLE_PROCESSORS_RETRY", "1 attempt, each wait 50 ms");
        environment.put("FARANDOLE_PROCESSORS_BRAKEAFTER", "0");
        environment.put("FARANDOLE_AUDIT_SEAL_EVERY", "500ms");
        environment.put("FARANDOLE_AUDIT_SEAL_CHECKPOINTEVERY", "1s");
        environment.put(
                "FARANDOLE_AUDIT_SEAL_SIGNINGKEY", directory.resolve("seal.pem").toString());
        environment.put(
                "FARANDOLE_AUDIT_SEAL_CHECKPOINTS",
                directory.resolve("checkpoints").toString());
        shop = RunningShop.open(
                new RunningShop.Layout(RunningShop.Layout.QUICK.javaOptions(), UnaryOperator.identity(), environment)
                        .withSurroundings(ErasureIT::withKeys));
        canary = new Canary(shop);
        Customers.receive(shop.address("stock"), Customers.PLENTY, 1_000);
    }

    private static Map<String, String> withKeys(String instance, Map<String, String> told) {
        Map<String, String> more = new HashMap<>(told);
        if (instance.equals("order")) {
            byte[] key = new byte[32];
            new SecureRandom().nextBytes(key);
            more.put("FARANDOLE_PERSONAL_MASTERKEY", "m1");
            more.put("FARANDOLE_PERSONAL_MASTERKEYS_M1", Base64.getEncoder().encodeToString(key));
            more.put("FARANDOLE_PERSONAL_GRANTS_STOCK_SECRETHASH", sha256(SECRET));
            more.put("FARANDOLE_PERSONAL_GRANTS_STOCK_SCOPES", "delivery");
        } else if (instance.equals("stock")) {
            more.put(
                    "FARANDOLE_PERSONAL_OWNERS_ORDER_URL",
                    told.getOrDefault("FARANDOLE_OPERATIONS_CONTEXTS_ORDER", ""));
            more.put("FARANDOLE_PERSONAL_OWNERS_ORDER_USER", "stock");
            more.put("FARANDOLE_PERSONAL_OWNERS_ORDER_PASSWORD", SECRET);
            more.put("FARANDOLE_PERSONAL_ANSWERWITHIN", "20s");
            more.put("FARANDOLE_PERSONAL_CACHEFOR", REMEMBERED.toSeconds() + "s");
        }
        return more;
    }

    @AfterAll
    static void closes() {
        if (shop != null) {
            shop.close();
        }
    }

    @Test
    @Order(1)
    void addressesAreToldToWhoMayKnowThem() throws Exception {
        confirmed = place(ERASED, "tok_ok", 1);
        cancelled = place(ERASED, "tok_declined", 2);
        kept = place(KEPT, "tok_ok", 3);
        awaitStatus(confirmed, "CONFIRMED");
        awaitStatus(cancelled, "CANCELLED");
        awaitStatus(kept, "CONFIRMED");
        for (String order : List.of(confirmed, kept)) {
            assertThat(get("order", "/orders/" + order).at("/deliverTo").asString())
                    .contains(CANARY);
            assertThat(get("stock", "/dispatches/" + order).at("/deliverTo").asString())
                    .contains(CANARY);
        }
        assertThat(get("order", "/orders/" + cancelled).at("/deliverTo").asString())
                .contains(CANARY);
        Settling.awaitSettled(shop, Set.of(confirmed, cancelled, kept), SOON);
    }

    @Test
    @Order(2)
    void aProcessThatIsSetAsideHoldsItSealed() throws Exception {
        // Fails where the address arrives: event, error and stack trace of it are kept.
        sql(
                "stock",
                "create function app.no_room() returns trigger language plpgsql as"
                        + " $$ begin raise exception 'no room for %', new; end $$");
        sql(
                "stock",
                "create trigger no_room before insert on app.dispatch for each row execute function app.no_room()");
        parked = place(ERASED, "tok_ok", 4);
        Patience.await().until(() -> !auditor.ask(shop.address("stock"), "parked?key=" + parked)
                .body()
                .contains("\"processes\":[]"));
        sql("stock", "drop trigger no_room on app.dispatch");
    }

    @Test
    @Order(3)
    void nothingIsKeptInClearAtAnyTime() throws Exception {
        wrapped = wrappedKey();
        assertThat(canary.found(List.of(CANARY))).isEmpty();
        assertThat(canary.found(List.of(confirmed)))
                .as("what can be found is found")
                .anyMatch(where -> where.startsWith("the dump of order"))
                .anyMatch(where -> where.startsWith(shop.postgres().home().toString()) || where.contains("/data/"));
    }

    @Test
    @Order(4)
    void anErasureLeavesATombstoneEverywhere() throws Exception {
        HttpResponse<String> erased =
                operate("order", "erasure", "{\"person\":\"" + ERASED + "\",\"reason\":\"asked for on paper\"}");
        assertThat(erased.statusCode()).as(erased.body()).isEqualTo(200);
        for (String order : List.of(confirmed, cancelled, parked)) {
            JsonNode told = get("order", "/orders/" + order);
            assertThat(told.has("deliverTo")).isFalse();
            assertThat(told.at("/deliverToErased").asBoolean()).isTrue();
        }
        Patience.await().atMost(REMEMBERED.plusSeconds(20)).until(() -> get("stock", "/dispatches/" + confirmed)
                .at("/deliverToErased")
                .asBoolean());
        assertThat(get("order", "/orders/" + kept).at("/deliverTo").asString()).contains(CANARY);
        assertThat(get("stock", "/dispatches/" + kept).at("/deliverTo").asString())
                .contains(CANARY);
    }

    @Test
    @Order(5)
    void theRestGoesOnWithWhatIsErased() throws Exception {
        JsonNode process = JSON.readTree(auditor.ask(shop.address("stock"), "parked?key=" + parked)
                        .body())
                .at("/processes/0");
        HttpResponse<String> retried = operate(
                "stock",
                "parkedprocess",
                "{\"processor\":\"" + process.at("/processor").asString() + "\",\"key\":\"" + parked
                        + "\",\"failedEventId\":\""
                        + process.at("/failedEventId").asString()
                        + "\",\"decision\":\"RETRY\",\"reason\":\"there is room\"}");
        assertThat(retried.statusCode()).as(retried.body()).isEqualTo(200);
        awaitStatus(parked, "CONFIRMED");
        Patience.await().until(() -> get("stock", "/dispatches/" + parked)
                .at("/deliverToErased")
                .asBoolean());
        for (String order : List.of(confirmed, cancelled, parked)) {
            assertThat(auditor.timeline(shop.address("order"), order)
                            .at("/events")
                            .size())
                    .isGreaterThan(4);
            assertThat(auditor.ask(shop.address("order"), "aggregatestate?id=" + order)
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(rebuilt("COMPARE").at("/state").asString()).isEqualTo("DONE");
        assertThat(rebuilt("REBUILD").at("/state").asString()).isEqualTo("DONE");
        assertThat(get("order", "/orders/" + confirmed).at("/deliverToErased").asBoolean())
                .isTrue();
        assertThat(get("order", "/orders/" + kept).at("/deliverTo").asString()).contains(CANARY);
    }

    @Test
    @Order(6)
    void theHistoryIsAsItWasSealed() throws Exception {
        for (String context : List.of("order", "stock")) {
            long last = number(context, "select max(position) from farandole.journal");
            Patience.await().until(() -> verified(context).checkpointedUpTo() >= last);
            Report report = verified(context);
            assertThat(report.faults()).isEmpty();
            assertThat(report.intact()).isTrue();
        }
    }

    @Test
    @Order(7)
    void neitherTheCanaryNorTheKeyIsLeft() throws Exception {
        assertThat(canary.found(List.of(CANARY))).isEmpty();
        assertThat(number("order", "select count(*) from farandole.personal_key where wrapped_key is null"))
                .isEqualTo(1);
        assertThat(number("order", "select count(*) from farandole.personal_key where person = '" + ERASED + "'"))
                .isZero();
        // What the master key could unwrap is in the table's file until it is written anew.
        sql("order", "vacuum full farandole.personal_key");
        assertThat(Canary.contains(canary.filesOf("order", "farandole.personal_key"), wrapped))
                .isFalse();
    }

    private static byte[] wrappedKey() throws SQLException {
        try (Connection connection = canary.connect("order");
                Statement statement = connection.createStatement();
                ResultSet key = statement.executeQuery(
                        "select wrapped_key from farandole.personal_key where person = '" + ERASED + "'")) {
            assertThat(key.next()).isTrue();
            return key.getBytes(1);
        }
    }

    private Report verified(String context) throws Exception {
        try (Connection connection = canary.connect(context)) {
            return Verification.ofSealsAndCheckpoints(
                    new SealedJournal(connection),
                    context,
                    directory.resolve("checkpoints"),
                    PublicKeys.read(directory.resolve("seal.pub")),
                    Range.ALL,
                    Progress.NONE);
        }
    }

    private JsonNode rebuilt(String purpose) throws Exception {
        HttpResponse<String> started = operate(
                "order",
                "rebuild",
                "{\"readModel\":\"tracking\",\"purpose\":\"" + purpose + "\",\"reason\":\"after an erasure\"}");
        assertThat(started.statusCode()).as(started.body()).isEqualTo(200);
        String id = JSON.readTree(started.body()).at("/rebuild/id").asString();
        Patience.await().until(() -> !rebuild(id).at("/state").asString().equals("RUNNING"));
        JsonNode rebuild = rebuild(id);
        assertThat(rebuild.toString()).doesNotContain(CANARY);
        return rebuild;
    }

    private JsonNode rebuild(String id) throws IOException, InterruptedException {
        return JSON.readTree(auditor.ask(shop.address("order"), "rebuild/" + id).body())
                .at("/rebuild");
    }

    private HttpResponse<String> operate(String context, String endpoint, String body)
            throws IOException, InterruptedException {
        return auditor.tell(shop.address(context), endpoint, body);
    }

    private static String place(String customer, String token, int number) throws IOException, InterruptedException {
        String body = "{\"customerId\":\"" + customer + "\",\"paymentToken\":\"" + token
                + "\",\"lines\":[{\"productId\":\"" + Customers.PLENTY
                + "\",\"quantity\":1,\"unitPrice\":{\"amount\":\"9.90\",\"currency\":\"EUR\"}}],\"deliverTo\":\"Anna "
                + CANARY + ", 12 Rue " + number + "\"}";
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(shop.address("order").resolve("/orders"))
                        .timeout(Duration.ofSeconds(60))
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", "erasure-" + number)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return JSON.readTree(answer.body()).at("/orderId").asString();
    }

    private static void awaitStatus(String order, String status) {
        Patience.await().until(() -> get("order", "/orders/" + order)
                .at("/status")
                .asString()
                .equals(status));
    }

    private static JsonNode get(String context, String path) throws IOException, InterruptedException {
        URI address = shop.address(context).resolve(path);
        return JSON.readTree(HTTP.send(
                        HttpRequest.newBuilder(address)
                                .timeout(Duration.ofSeconds(30))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
    }

    private static void sql(String context, String sql) throws SQLException {
        try (Connection connection = canary.connect(context);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(String context, String sql) throws SQLException {
        try (Connection connection = canary.connect(context);
                Statement statement = connection.createStatement();
                ResultSet number = statement.executeQuery(sql)) {
            number.next();
            return number.getLong(1);
        }
    }

    private static void pem(String file, String what, byte[] key) throws IOException {
        Files.writeString(
                directory.resolve(file),
                "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(key) + "\n-----END " + what
                        + "-----\n");
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
