package io.farandole.shop.order.registration;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.mailserver.ReceivedMail;
import io.farandole.mailserver.StandInMailServer;
import io.farandole.messaging.failpoint.Failpoint;
import io.farandole.shop.order.OrderApplication;
import io.farandole.testservers.Patience;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

/** The service as a process of its own, killed at moments between two durable effects, and started again. */
class KilledServiceIT {

    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private TestDatabase database;
    private StandInMailServer mails;
    private Map<String, String> settings;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void starts() {
        database = PostgresServer.shared().createDatabase("order");
        mails = StandInMailServer.start();
        settings = new LinkedHashMap<>(RegisteringShop.settings(mails.smtpPort()));
        settings.put("spring.datasource.url", database.url());
        settings.put("spring.datasource.username", database.appUser());
        settings.put("spring.datasource.password", database.appPassword());
        settings.put("farandole.migration.user", database.migratorUser());
        settings.put("farandole.migration.password", database.migratorPassword());
        settings.put("farandole.migration.role", database.ownerRole());
        settings.put("server.port", "0");
        // Who was killed is waited for no longer than that.
        settings.put("shop.registration.mail.timeout", "2s");
        settings.put("farandole.outside-calls.kinds.welcome-mail.lease", "25s");
        // A start takes longer than that: what slipped through is found by the saga, or the lease, before the check
        // looks.
        settings.put("shop.registration.check.after", "10m");
    }

    @AfterEach
    void stops() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor(Patience.SECONDS, TimeUnit.SECONDS);
        }
        mails.close();
        database.close();
    }

    @Test
    void killedBetweenSendingAndRecordingItSendsTheSameMailAgain(@TempDir Path directory) throws Exception {
        assertThat(copiesAfterAKillAt(Failpoint.OUTSIDE_CALL_ANSWERED, directory))
                .isEqualTo(2);
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(
            value = Failpoint.class,
            names = {
                "POST_WRITTEN",
                "POST_COMMITTED",
                "BATCH_HANDLED",
                "BATCH_COMMITTED",
                "OUTSIDE_CALL_CLAIMED",
                "OUTSIDE_RESULT_WRITTEN",
                "OUTSIDE_RESULT_COMMITTED"
            })
    void killedAtAnyMomentItLeavesOneMailInEffect(Failpoint point, @TempDir Path directory) throws Exception {
        assertThat(copiesAfterAKillAt(point, directory)).isLessThanOrEqualTo(2);
    }

    /** A client registers, the service dies, is started again, and the client asks again under its key. */
    private int copiesAfterAKillAt(Failpoint point, Path directory) throws Exception {
        Path log = directory.resolve("first.log");
        Process first = start(log, "-D" + KilledAfterSending.HALT_AT + "=" + point.name());
        int port = port(log, first);
        Optional<String> before = register(port);
        assertThat(first.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("dies at " + point)
                .isTrue();
        assertThat(first.exitValue()).isEqualTo(KilledAfterSending.EXIT_CODE);

        Path secondLog = directory.resolve("second.log");
        int secondPort = port(secondLog, start(secondLog));
        String id = register(secondPort).orElseThrow();
        before.ifPresent(known -> assertThat(id).isEqualTo(known));
        JdbcTemplate jdbc = new JdbcTemplate(database.appDataSource());
        Patience.await("the mail is sent")
                .until(() -> "SENT".equals(jdbc.queryForObject("select mail_state from app.customer", String.class)));
        assertThat(jdbc.queryForList(
                        "select payload_type from farandole.journal where own and aggregate_id = ? order by position",
                        String.class,
                        id))
                .containsExactly(
                        "order.customer-registered", "order.welcome-mail-requested", "order.welcome-mail-sent");
        assertThat(mails.mails().stream().map(ReceivedMail::messageId).distinct())
                .containsExactly("<" + id + ".welcome@shop.example>");
        return mails.mails().size();
    }

    /** The customer's id; empty if the service died before it had answered. */
    private Optional<String> register(int port) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/customers"))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "the-only-one")
                .POST(HttpRequest.BodyPublishers.ofString("{\"email\":\"ada@example.org\",\"name\":\"Ada\"}"))
                .build();
        try {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            return Optional.of(
                    new JsonMapper().readTree(answer.body()).path("customerId").asString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Process start(Path log, String... options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), OrderApplication.class.getName()));
        settings.forEach((name, value) -> command.add("--" + name + "=" + value));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        processes.add(process);
        return process;
    }

    private static int port(Path log, Process process) {
        return Patience.await("the service listens")
                .until(
                        () -> {
                            String text = Files.readString(log);
                            if (!process.isAlive()) {
                                throw new IllegalStateException("The service has ended: " + text);
                            }
                            Matcher matcher = PORT.matcher(text);
                            return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
                        },
                        port -> port > 0);
    }
}
