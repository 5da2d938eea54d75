package io.farandole.shop.order.registration;

import io.farandole.mailserver.StandInMailServer;
import io.farandole.shop.order.OrderApplication;
import io.farandole.testkit.Dance;
import io.farandole.testkit.Dancer;
import io.farandole.testkit.RunningContext;
import io.farandole.testservers.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The order service with a mail server beside it, on a real database; the broker is away. */
final class RegisteringShop implements AutoCloseable {

    static final Duration SLOWNESS = Duration.ofMillis(200);

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final int mailPort;
    private final Map<String, String> settings;
    private StandInMailServer mails;
    private final Dance dance;

    RegisteringShop(Map<String, String> more) {
        mails = StandInMailServer.start(InetAddress.getLoopbackAddress(), 0, 0, SLOWNESS);
        mailPort = mails.smtpPort();
        settings = settings(mailPort);
        settings.putAll(more);
        Dancer dancer = Dancer.of("order", OrderApplication.class);
        for (Map.Entry<String, String> property : settings.entrySet()) {
            dancer = dancer.with(property.getKey(), property.getValue());
        }
        dance = Dance.of(dancer);
    }

    /**
     * Short waits, as tests want them; but no server that is up is given up: who gives up a server that is only slow, as any is on a busy
     * machine, has to send the mail again.
     */
    static Map<String, String> settings(int mailPort) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("farandole.rabbitmq.enabled", "false");
        settings.put("farandole.personal.master-key", "k1");
        settings.put("farandole.personal.master-keys.k1", secret());
        settings.put("spring.mail.host", "127.0.0.1");
        settings.put("spring.mail.port", Integer.toString(mailPort));
        settings.put("shop.registration.claim-key", secret());
        settings.put("shop.registration.mail.from", "welcome@shop.example");
        settings.put("shop.registration.mail.connect-timeout", "300ms");
        settings.put("shop.registration.mail.timeout", "10s");
        settings.put("shop.registration.check.after", "1500ms");
        settings.put("shop.registration.check.every", "200ms");
        settings.put("farandole.outside-calls.kinds.welcome-mail.lease", "121s");
        settings.put("farandole.outside-calls.kinds.welcome-mail.initial-backoff", "100ms");
        settings.put("farandole.outside-calls.kinds.welcome-mail.max-backoff", "400ms");
        settings.put("farandole.outside-calls.kinds.welcome-mail.time-limit", "2m");
        return settings;
    }

    private static String secret() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    /** An answer of the service. */
    record Answer(int status, String body, String location) {

        JsonNode json() {
            return JSON.readTree(body);
        }

        String customerId() {
            return json().path("customerId").asString();
        }

        String state() {
            return json().at("/welcomeMail/state").asString();
        }

        String text() {
            return json().at("/welcomeMail/text").asString();
        }
    }

    Answer register(String email, String... headers) {
        return send("POST", "/customers", Map.of("email", email, "name", "Ada"), headers);
    }

    Answer send(String method, String path, Map<String, String> body, String... headers) {
        HttpRequest.Builder request = request(path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return answer(request);
    }

    Answer get(String path) {
        return answer(request(path));
    }

    Answer customer(String customerId) {
        return get("/customers/" + customerId);
    }

    Answer awaitState(String customerId, String state) {
        return Patience.await("welcome mail of " + customerId + " is " + state)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> customer(customerId), answer -> answer.state().equals(state));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + context().port() + path))
                .timeout(Duration.ofSeconds(30));
    }

    private Answer answer(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.body(),
                    response.headers().firstValue("Location").orElse(""));
        } catch (IOException e) {
            throw new IllegalStateException("No answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    /** The events of a customer, by their stored names. */
    String history(String customerId) {
        return context().journalOf(customerId).stream().map(line -> line.type()).collect(Collectors.joining(" "));
    }

    JdbcTemplate jdbc() {
        return new JdbcTemplate(context().bean(DataSource.class));
    }

    RunningContext context() {
        return dance.context("order");
    }

    StandInMailServer mails() {
        return mails;
    }

    /** What the service was given. */
    Map<String, String> settings() {
        return settings;
    }

    /** Stops the mail server. */
    void mailServerIsAway() {
        mails.close();
    }

    /** Starts it again, on the same port, with nothing in it. */
    void mailServerIsBack() {
        mails = StandInMailServer.start(InetAddress.getLoopbackAddress(), mailPort, 0, SLOWNESS);
    }

    /** Starts it again, on the same port, with nothing in it; it takes mails only encrypted. */
    void mailServerIsBack(SSLContext encryption) {
        mails = StandInMailServer.startEncrypted(InetAddress.getLoopbackAddress(), mailPort, 0, SLOWNESS, encryption);
    }

    @Override
    public void close() {
        dance.close();
        mails.close();
    }
}
