package io.farandole.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandInProviderIT {

    private static final Duration SLOWNESS = Duration.ofMillis(400);

    private final HttpClient client = HttpClient.newHttpClient();
    private StandInProvider provider = StandInProvider.start(0);

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void answersOverHttp() throws Exception {
        assertThat(post("/authorizations", "k1", body("o-1", 990, "tok_ok")).body())
                .isEqualTo("{\"status\":\"authorized\",\"reason\":null}");
        assertThat(post("/captures", "k2", body("o-1", 990, "")).body()).contains("captured");
        assertThat(get("/payments/o-1").body()).contains("\"captured\":990");
        assertThat(get("/ledger").body()).startsWith("[").contains("\"paymentId\":\"o-1\"");
        assertThat(get("/health").body()).contains("UP");
        assertThat(get("/payments/o-2").statusCode()).isEqualTo(404);
        assertThat(get("/nowhere").statusCode()).isEqualTo(404);
    }

    @Test
    void refusesWhatIsNoRequest() throws Exception {
        assertThat(post("/authorizations", "k", "{").statusCode()).isEqualTo(400);
        assertThat(post("/authorizations", "k", "null").statusCode()).isEqualTo(400);
        assertThat(post("/authorizations", "k", body("o-1", 0, "tok_ok")).statusCode())
                .isEqualTo(400);
        assertThat(post("/authorizations", " ", body("o-1", 1, "tok_ok")).statusCode())
                .isEqualTo(400);
        assertThat(post("/authorizations", "k", "x".repeat(20_000)).statusCode())
                .isEqualTo(400);
        assertThat(get("/authorizations").statusCode()).isEqualTo(405);
        assertThat(provider.ledger()).isEmpty();
    }

    @Test
    void hasOneEffectForManyConcurrentRequestsUnderOneKey() {
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 40)
                .mapToObj(i -> client.sendAsync(
                        request("/authorizations", "k", body("o-1", 990, "tok_ok"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString()))
                .toList();
        assertThat(answers).allSatisfy(it -> assertThat(it.join().body()).contains("authorized"));
        assertThat(provider.find("o-1").orElseThrow().authorizations()).isEqualTo(1);
    }

    /** Answers that do not come while the test runs: so nothing here depends on how fast the machine is. */
    @Test
    void takesEffectBeforeItsSlowAnswerAndKeepsAnsweringOthers() throws Exception {
        provider.close();
        provider = StandInProvider.start(InetAddress.getLoopbackAddress(), 0, null, Duration.ofHours(1));
        List<CompletableFuture<HttpResponse<String>>> slow = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            slow.add(client.sendAsync(
                    request("/authorizations", "s" + i, body("s-" + i, 1, "tok_slow"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        }
        for (int i = 0; i < 50; i++) {
            String payment = "s-" + i;
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            provider.find(payment).map(LedgerEntry::hanging).orElse(false));
        }
        assertThat(post("/authorizations", "quick", body("o-2", 1, "tok_ok")).body())
                .contains("authorized");
        assertThat(slow).noneMatch(CompletableFuture::isDone);
        slow.forEach(answer -> answer.cancel(true));
    }

    @Test
    void answersLateButAnswers() throws Exception {
        provider.close();
        provider = StandInProvider.start(InetAddress.getLoopbackAddress(), 0, null, SLOWNESS);
        assertThat(post("/authorizations", "late", body("o-1", 990, "tok_slow")).body())
                .contains("authorized");
    }

    @Test
    void remembersAcrossARestartAndIgnoresALineThatWasCutOff(@TempDir Path folder) throws Exception {
        Path state = folder.resolve("provider.jsonl");
        provider.close();
        provider = PaymentProviderApplication.start("--port=0", "--state=" + state);
        post("/authorizations", "a", body("o-1", 990, "tok_ok"));
        post("/voids", "v", body("o-2", 0, ""));
        provider.close();
        Files.writeString(state, "{\"operation\":\"CAPT", StandardOpenOption.APPEND);
        assertThat(Files.readString(state)).doesNotContain("tok_ok");

        provider = PaymentProviderApplication.start("--port=0", "--state=" + state);
        assertThat(post("/authorizations", "a", body("o-1", 990, "tok_ok")).body())
                .contains("authorized");
        assertThat(post("/authorizations", "b", body("o-2", 5, "tok_ok")).body())
                .contains("voided");
        assertThat(provider.find("o-1").orElseThrow().authorizations()).isEqualTo(1);
    }

    @Test
    void saysWhatToDoWhenThePortIsTaken() {
        assertThatThrownBy(() -> PaymentProviderApplication.start("--port=" + provider.port()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("--port")
                .hasMessageContaining(String.valueOf(provider.port()));
        assertThatThrownBy(() -> PaymentProviderApplication.start("--port=many"))
                .hasMessageContaining("PROVIDER_PORT");
        assertThatThrownBy(() -> PaymentProviderApplication.start("--prot=1")).hasMessageContaining("--prot=1");
    }

    private static String body(String paymentId, long amount, String token) {
        return "{\"paymentId\":\"" + paymentId + "\",\"amountMinor\":" + amount + ",\"currency\":\"EUR\",\"token\":\""
                + token + "\"}";
    }

    private HttpRequest.Builder request(String path, String key, String body) {
        return HttpRequest.newBuilder(provider.uri().resolve(path))
                .timeout(Duration.ofSeconds(20))
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private HttpResponse<String> post(String path, String key, String body) throws IOException, InterruptedException {
        return client.send(request(path, key, body).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = provider.uri().resolve(path);
        return client.send(
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
