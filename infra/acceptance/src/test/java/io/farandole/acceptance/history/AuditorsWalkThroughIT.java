package io.farandole.acceptance.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.acceptance.shop.Customers;
import io.farandole.acceptance.shop.RunningShop;
import io.farandole.acceptance.shop.Settling;
import io.farandole.testservers.Patience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Three services, an order whose payment cannot be captured, and each command of the guide's page for auditors. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AuditorsWalkThroughIT {

    private static final Path GUIDE = Path.of("..", "docs", "guide", "auditor.md");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
    private static final String PASSWORD = "only-in-a-test";

    private static RunningShop shop;
    private static String order;
    private static Path directory;

    @BeforeAll
    static void opens(@TempDir Path temporary) throws Exception {
        directory = temporary;
        KeyPair key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Path secret = pem("PRIVATE KEY", key.getPrivate().getEncoded());
        pem("PUBLIC KEY", key.getPublic().getEncoded());
        Map<String, String> environment = new HashMap<>(Map.of(
                "SPRING_PROFILES_ACTIVE", "dev",
                "FARANDOLE_OPERATIONS_OPERATORS_ANNA", "{noop}" + PASSWORD,
                "MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE",
                        "health,process,history,timeline,report,bundle,rebuild,aggregatestate,aggregatediff,aggregateversions,whatif",
                "FARANDOLE_OPERATIONS_ANSWER_WITHIN", "10s",
                "FARANDOLE_AUDIT_SEAL_EVERY", "1s",
                "FARANDOLE_AUDIT_SEAL_CHECKPOINT_EVERY", "1s",
                "FARANDOLE_AUDIT_SEAL_SIGNING_KEY", secret.toString(),
                "FARANDOLE_AUDIT_SEAL_CHECKPOINTS",
                        directory.resolve("checkpoints").toString()));
        shop = RunningShop.open(
                new RunningShop.Layout(RunningShop.Layout.QUICK.javaOptions(), UnaryOperator.identity(), environment));
        Customers.receive(shop.address("stock"), Customers.PLENTY, 1_000);
        Customers customers = new Customers(shop.address("order"));
        order = customers.place(50, "tok_capture_fails", Customers.PLENTY);
        customers.place(51, "tok_ok", Customers.PLENTY);
        Settling.awaitSettled(shop, customers.accepted(), Duration.ofMinutes(2));
        awaitCheckpoints();
    }

    @AfterAll
    static void closes() {
        if (shop != null) {
            shop.close();
        }
    }

    private static Path pem(String what, byte[] key) throws IOException {
        return Files.writeString(
                directory.resolve(what.replace(' ', '-') + ".pem"),
                "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(key) + "\n-----END " + what
                        + "-----\n");
    }

    private static void awaitCheckpoints() {
        for (String context : List.of("order", "stock", "payment")) {
            Patience.await()
                    .until(() -> number(
                                    context,
                                    "select count(*) from farandole.journal where process_key = '" + order
                                            + "' and position > (select coalesce(max(s.upto_position), 0) from"
                                            + " farandole.checkpoint c join farandole.seal s on s.number = c.seal_number)")
                            == 0);
        }
    }

    private static long number(String context, String sql) throws SQLException {
        var database = shop.database(context);
        try (Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return statement.getUpdateCount();
            }
            try (ResultSet result = statement.getResultSet()) {
                result.next();
                return result.getLong(1);
            }
        }
    }

    /** What a command ended with, and said. */
    private record Said(int exitCode, String text) {}

    private static Said type(List<String> words) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.farandole.cli.Farandole"));
        command.addAll(words);
        Path output = Files.createTempFile(directory, "said", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        for (String context : List.of("order", "stock", "payment")) {
            builder.environment()
                    .put(
                            "FARANDOLE_" + context.toUpperCase(java.util.Locale.ROOT) + "_URL",
                            shop.address(context).toString());
        }
        builder.environment().put("FARANDOLE_OPERATOR", "anna");
        builder.environment().put("FARANDOLE_OPERATOR_PASSWORD", PASSWORD);
        builder.environment()
                .put("FARANDOLE_VERIFIER_PASSWORD", shop.database("order").password());
        Process process = builder.start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError(words + " does not end");
        }
        return new Said(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }

    private static List<String> words(String line) {
        Map<String, String> variables = Map.of(
                "$order", order,
                "$customer", "c-50",
                "$ORDER_DB_URL", shop.database("order").url(),
                "$ORDER_DB_USER", shop.database("order").user(),
                ".farandole/services/checkpoints",
                        directory.resolve("checkpoints").toString(),
                ".farandole/seal.pub.pem", directory.resolve("PUBLIC-KEY.pem").toString());
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            String word = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            for (Map.Entry<String, String> variable : variables.entrySet()) {
                word = word.replace(variable.getKey(), variable.getValue());
            }
            words.add(word);
        }
        return words;
    }

    private static Said typed(String line) throws Exception {
        return type(words(line));
    }

    @Test
    @Order(1)
    void eachCommandOfThePageDoesWhatThePageSays() throws Exception {
        List<String> commands = Files.readAllLines(GUIDE).stream()
                .filter(line -> line.startsWith("$ infra/farandole "))
                .map(line -> line.substring("$ infra/farandole ".length()))
                .toList();
        assertThat(commands).hasSizeGreaterThan(8);
        Map<String, String> said = new HashMap<>();
        for (String command : commands) {
            Said answer = typed(command);
            assertThat(answer.exitCode()).as("%s%n%s", command, answer.text()).isZero();
            said.merge(command.substring(0, command.indexOf(' ')), answer.text(), String::concat);
        }
        assertThat(said.keySet())
                .isEqualTo(Set.of("timeline", "state", "diff", "compare", "report", "what-if", "verify", "export"));
        assertThat(said.get("timeline")).contains("payment.capture-refused.v1", "capture: failed");
        assertThat(said.get("diff")).containsPattern("CONFIRMED +CANCELLED");
        assertThat(said.get("compare")).contains("is what the journal makes of it");
        assertThat(said.get("report")).contains("capture-failed");
        assertThat(said.get("what-if")).contains("0 of 1 processes differ");
        assertThat(said.get("verify"))
                .contains("AS SEALED: order", "genuine checkpoints", "AS MADE: export")
                .contains("proven by a signed checkpoint", "content of 1 redacted, not verified")
                .doesNotContain("no checkpoint yet", "too young");
        assertThat(said.get("export")).contains("events of 1 process in ");
    }

    @Test
    @Order(2)
    void theBundleMasksWhatIsToBeMaskedAndTheExportIsInTheJournals() throws Exception {
        Path bundle = directory.resolve("complaint-4711.zip");
        String export;
        try (ZipFile zip = new ZipFile(bundle.toFile())) {
            String manifest = text(zip, "manifest.json");
            export = manifest.replaceFirst("(?s).*\"export\":\"([^\"]+)\".*", "$1");
            assertThat(text(zip, "order.jsonl") + text(zip, "payment.jsonl") + text(zip, "index.html"))
                    .contains("▒▒▒ masked")
                    .doesNotContain("tok_capture_fails");
            assertThat(text(zip, "index.html")).contains("data:image/svg+xml;base64,", "order.cancelled.v1");
        }
        for (String context : List.of("order", "stock", "payment")) {
            assertThat(number(
                            context,
                            "select count(*) from farandole.journal where payload_type = 'farandole.history-exported'"
                                    + " and process_key = '" + export + "' and payload like '%anna%'"))
                    .isEqualTo(1);
        }
        Said unmasked = typed("export --process $order --out unmasked.zip --reason \"the court wants it\" --unmasked");
        assertThat(unmasked.exitCode()).as(unmasked.text()).isZero();
        try (ZipFile zip = new ZipFile(directory.resolve("unmasked.zip").toFile())) {
            assertThat(text(zip, "payment.jsonl")).contains("tok_capture_fails");
        }
        assertThat(typed("verify --bundle unmasked.zip --public-key .farandole/seal.pub.pem")
                        .text())
                .contains("AS MADE")
                .doesNotContain("redacted");
    }

    private static String text(ZipFile zip, String name) throws IOException {
        return new String(zip.getInputStream(zip.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    @Order(3)
    void anUnknownProcessOrCustomerIsASentenceAndNoFile() throws Exception {
        Said unknown = typed("export --process o-none --out none.zip --reason why");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.text()).contains("has an event of o-none: check the key. Nothing was written.");
        assertThat(typed("export --subject customer=nobody --out none.zip --reason why")
                        .text())
                .contains("Nobody who was asked knows a process of customer=nobody");
        assertThat(typed("export --subject planet=mars --out none.zip --reason why")
                        .text())
                .contains("This context knows no processes of a planet");
        assertThat(directory.resolve("none.zip")).doesNotExist();
    }

    @Test
    @Order(4)
    void aJournalThatWasAlteredShowsInTheNextBundle() throws Exception {
        assertThat(number(
                        "order",
                        "update farandole.journal set payload = replace(payload, '\"reason\"', '\"excuse\"') where process_key = '"
                                + order + "' and payload_type = 'order.cancelled'"))
                .isEqualTo(1);
        typed("export --process $order --out altered.zip --reason why");
        Said verified = typed("verify --bundle altered.zip --public-key .farandole/seal.pub.pem");
        assertThat(verified.exitCode()).isEqualTo(1);
        assertThat(verified.text()).contains("order.jsonl, line ", "is not as it was sealed", "NOT AS MADE");
    }

    @Test
    @Order(5)
    void aContextThatIsDownIsNamedInTheBundle() throws Exception {
        shop.service("stock").kill();
        Said said = typed("export --process $order --out without-stock.zip --reason why");
        assertThat(said.exitCode()).isEqualTo(1);
        assertThat(said.text()).contains("MISSING: stock. stock cannot be reached");
        assertThat(typed("verify --bundle without-stock.zip --public-key .farandole/seal.pub.pem")
                        .text())
                .contains("There is no part of stock, which was asked");
    }
}
