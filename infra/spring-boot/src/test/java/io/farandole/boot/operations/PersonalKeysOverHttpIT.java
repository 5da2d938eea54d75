package io.farandole.boot.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.messaging.Personal;
import io.farandole.messaging.PersonalData;
import io.farandole.messaging.PersonalDataException;
import io.farandole.messaging.PersonalDataException.Reason;
import io.farandole.testservers.Patience;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Two contexts: one owns keys, the other has a grant. */
@ExtendWith(OutputCaptureExtension.class)
class PersonalKeysOverHttpIT {

    private static final String SECRET = "a-secret-that-is-random-and-long-enough";
    private static final String MASTER = masterKey();
    private static final Duration REMEMBERED = Duration.ofSeconds(3);

    private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();

    private static ConfigurableApplicationContext owner;
    private static PersonalData sealing;
    private static Client client;

    @EnableAutoConfiguration
    static class Application {}

    @BeforeAll
    static void starts() throws Exception {
        owner = start(
                "owner",
                Map.of(
                        "farandole.personal.master-key",
                        "k1",
                        "farandole.personal.master-keys.k1",
                        MASTER,
                        "farandole.personal.grants.reader.secret-hash",
                        sha256(SECRET),
                        "farandole.personal.grants.reader.scopes",
                        "delivery,returns"));
        sealing = owner.getBean(PersonalData.class);
        client = new Client(port(owner));
    }

    @AfterAll
    static void stops() throws Exception {
        while (!OPEN.isEmpty()) {
            OPEN.pop().close();
        }
    }

    @Test
    void whoHasAGrantOpensUntilItsTimeIsOver(CapturedOutput output) {
        PersonalData reading = reader("reader", SECRET, REMEMBERED);
        PersonalData asking = reader("reader", SECRET, Duration.ZERO);
        Personal anna = sealing.seal("c-1", "delivery", "Anna, 12 Rue");
        assertThat(reading.open(anna).text()).contains("Anna, 12 Rue");
        assertThat(asking.open(anna).text()).contains("Anna, 12 Rue");

        assertThat(client.get("/erasure?person=c-1").json().at("/keys").asInt()).isEqualTo(1);
        Client.Answer erased = client.post("/erasure", Client.json("person", "c-1", "reason", "asked for on paper"));
        assertThat(erased.status()).isEqualTo(200);
        assertThat(erased.json().at("/scopes/0").asString()).isEqualTo("delivery");

        assertThat(sealing.open(anna).isErased()).isTrue();
        assertThat(asking.open(anna).isErased()).isTrue();
        Patience.await().atMost(REMEMBERED.plusSeconds(10)).until(() -> reading.open(anna)
                .isErased());
        assertThat(client.post("/erasure", Client.json("person", "c-1", "reason", "again"))
                        .status())
                .isEqualTo(404);
        assertThat(output.getAll()).doesNotContain("Rue", SECRET, MASTER);
    }

    @Test
    void aScopeThatIsNotGrantedIsRefused() {
        PersonalData reading = reader("reader", SECRET, REMEMBERED);
        Personal salary = sealing.seal("c-2", "salary", "a lot");
        assertRefused(reading, salary, Reason.REFUSED, "add its scope to farandole.personal.grants.reader.scopes");
        // Nor is it told that it was erased.
        client.post("/erasure", Client.json("person", "c-2", "reason", "asked for"));
        assertRefused(reading, salary, Reason.REFUSED, "scopes");
    }

    @Test
    void whoIsUnknownOrSaysTheWrongSecretIsRefused() {
        Personal anna = sealing.seal("c-3", "delivery", "Anna");
        assertRefused(reader("reader", SECRET + "x", REMEMBERED), anna, Reason.REFUSED, "secret-hash");
        assertRefused(reader("stranger", SECRET, REMEMBERED), anna, Reason.REFUSED, "as stranger");
        Personal elsewhere = Personal.parse(anna.text().replace("owner.", "nobody."));
        assertRefused(
                reader("reader", SECRET, REMEMBERED),
                elsewhere,
                Reason.NOT_CONFIGURED,
                "farandole.personal.owners.nobody.url");
        Personal unknown = Personal.parse(Personal.PREFIX + "owner.none:" + "A".repeat(60));
        assertRefused(reader("reader", SECRET, REMEMBERED), unknown, Reason.DAMAGED, "has never had the key");
    }

    @Test
    void anOperatorGetsNoKeysAndAServiceNothingElse() {
        Personal anna = sealing.seal("c-4", "delivery", "Anna");
        String path = "/personalkeys/" + anna.keyId().orElseThrow();
        assertThat(client.get(path).status()).isEqualTo(401);
        assertThat(client.send(client.request(path).GET()).status()).isEqualTo(401);
        String service = Client.basic("reader", SECRET);
        Client.Answer given = client.send(
                client.request(path).header("Authorization", service).GET());
        assertThat(given.status()).isEqualTo(200);
        assertThat(given.header("Cache-Control")).isEqualTo("no-store");
        assertThat(client.send(client.request("/erasure?person=c-4")
                                .header("Authorization", service)
                                .GET())
                        .status())
                .isEqualTo(401);
        assertThat(client.send(client.request("/erasure")
                                .header("Authorization", service)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        Client.json("person", "c-4", "reason", "none"))))
                        .status())
                .isEqualTo(401);
        assertThat(sealing.open(anna).text()).contains("Anna");
    }

    @Test
    void anOwnerThatIsDownIsAnOutage() throws Exception {
        try (ConfigurableApplicationContext other = start(
                "other",
                Map.of(
                        "farandole.personal.owners.owner.url", "http://127.0.0.1:1/actuator",
                        "farandole.personal.owners.owner.user", "reader",
                        "farandole.personal.owners.owner.password", SECRET))) {
            PersonalData reading = other.getBean(PersonalData.class);
            Personal anna = sealing.seal("c-5", "delivery", "Anna");
            assertRefused(reading, anna, Reason.UNAVAILABLE, "cannot be reached");
            assertThat(reading.canSeal()).isFalse();
            assertRefused(
                    reading,
                    Personal.parse(Personal.PREFIX + "other.none:" + "A".repeat(60)),
                    Reason.DAMAGED,
                    "never had");
        }
    }

    @Test
    void badInputIsRefusedByName() {
        assertThat(client.get("/erasure").text("/field")).isEqualTo("person");
        assertThat(client.post("/erasure", Client.json("person", "c-6")).text("/field"))
                .isEqualTo("reason");
        assertThat(client.post("/erasure", Client.json("person", "c-6", "reason", "c-6 wants it"))
                        .text("/detail"))
                .contains("names the person");
        assertThat(client.get("/erasure?person=c-6").json().at("/keys").asInt()).isZero();
        assertThat(client.post("/erasure/rotate", "{}").json().at("/keys").asLong())
                .isZero();
        assertThat(client.post("/erasure/other", "{}").status()).isEqualTo(404);
    }

    private static void assertRefused(PersonalData reading, Personal personal, Reason reason, String told) {
        assertThatThrownBy(() -> reading.open(personal))
                .isInstanceOfSatisfying(PersonalDataException.class, refusal -> assertThat(refusal.reason())
                        .isEqualTo(reason))
                .hasMessageContaining(told);
    }

    private static PersonalData reader(String user, String password, Duration remembered) {
        return start(
                        "reader",
                        Map.of(
                                "farandole.personal.owners.owner.url",
                                "http://localhost:" + port(owner) + "/actuator/",
                                "farandole.personal.owners.owner.user",
                                user,
                                "farandole.personal.owners.owner.password",
                                password,
                                "farandole.personal.answer-within",
                                "30s",
                                "farandole.personal.cache-for",
                                remembered.toMillis() + "ms"))
                .getBean(PersonalData.class);
    }

    private static int port(ConfigurableApplicationContext context) {
        return Integer.parseInt(String.valueOf(context.getEnvironment().getProperty("local.server.port")));
    }

    private static ConfigurableApplicationContext start(String context, Map<String, String> properties) {
        TestDatabase database = PostgresServer.shared().createDatabase(context);
        OPEN.push(database);
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("farandole.context", context);
        settings.put("farandole.rabbitmq.enabled", "false");
        settings.put("spring.datasource.url", database.url());
        settings.put("spring.datasource.username", database.appUser());
        settings.put("spring.datasource.password", database.appPassword());
        settings.put("spring.datasource.hikari.maximum-pool-size", "4");
        settings.put("farandole.migration.user", database.migratorUser());
        settings.put("farandole.migration.password", database.migratorPassword());
        settings.put("farandole.migration.role", database.ownerRole());
        settings.put("spring.main.banner-mode", "off");
        settings.put("server.port", "0");
        settings.put("management.health.rabbit.enabled", "false");
        settings.put("management.endpoints.web.exposure.include", "health,erasure,personalkeys");
        settings.put("farandole.operations.operators.ada", PostOffice.hash(PostOffice.PASSWORD));
        settings.putAll(properties);
        ConfigurableApplicationContext started = new SpringApplicationBuilder(Application.class)
                .registerShutdownHook(false)
                .run(settings.entrySet().stream()
                        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new));
        OPEN.push(started);
        return started;
    }

    private static String masterKey() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
