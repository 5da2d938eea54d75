package io.farandole.banks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The wire that payrolls speak, and the accounts that misbehave. */
class BanksIT {

    private static final Duration SLOWNESS = Duration.ofSeconds(3);

    private static TestDatabase database;
    private static StandInBanks banks;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void open() {
        database = PostgresServer.shared().createDatabase("banks");
        banks = start();
    }

    private static StandInBanks start() {
        return StandInBanks.start(BanksSettings.of(
                        database.url(),
                        database.appUser(),
                        database.appPassword(),
                        database.migratorUser(),
                        database.migratorPassword())
                .withSlowness(SLOWNESS));
    }

    @AfterAll
    static void close() {
        banks.close();
        database.close();
    }

    @AfterEach
    void booksBalance() {
        assertThat(banks.ledger("north")).containsEntry("balanced", true);
    }

    @Test
    void paysOnceAndTakesBackOnce() throws Exception {
        account("DE-1", 0);
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> paid = pay("g1", "1", body("DE-1", 123456, "EUR"));
            assertThat(paid.statusCode()).isEqualTo(200);
            assertThat(paid.body()).isEqualTo("{\"outcome\":\"COMMITTED\"}");
            assertThat(paid.headers().firstValue("Content-Type")).hasValue("application/json");
        }
        assertThat(get("/accounts/DE-1").body()).contains("\"balance\":123456").contains("salary 2026-11");
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> back = takeBack("g1", "1");
            assertThat(back.statusCode()).isEqualTo(200);
            assertThat(back.body()).isEqualTo("{\"outcome\":\"COMPENSATED\"}");
        }
        assertThat(get("/accounts/DE-1").body()).contains("\"balance\":0");
        HttpResponse<String> late = pay("g1", "1", body("DE-1", 123456, "EUR"));
        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(late.body()).contains("\"outcome\":\"REFUSED\"").contains("\"reason\":\"COMPENSATED_BEFORE\"");
        assertThat(get("/ledger?globalId=g1").body()).contains("\"payments\":1,\"reversals\":1");
    }

    @Test
    void compensatesWhatNeverCame() throws Exception {
        account("DE-2", 0);
        assertThat(takeBack("g2", "1").body()).isEqualTo("{\"outcome\":\"COMPENSATED\"}");
        assertThat(pay("g2", "1", body("DE-2", 1, "EUR")).body()).contains("COMPENSATED_BEFORE");
    }

    @Test
    void neverCarriesOutAnotherBodyUnderTheSameIds() throws Exception {
        account("DE-3", 0);
        pay("g3", "1", body("DE-3", 100, "EUR"));
        HttpResponse<String> other = pay("g3", "1", body("DE-3", 200, "EUR"));
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(other.body()).contains("\"outcome\":\"REFUSED\"").contains("\"reason\":\"INVALID\"");
        assertThat(get("/accounts/DE-3").body()).contains("\"balance\":100");
    }

    @ParameterizedTest
    @CsvSource({
        "unknown-1, 1, EUR, 409, UNKNOWN_ACCOUNT",
        "DE-4, 1, USD, 409, CURRENCY",
        "DE-4, 0, EUR, 422, INVALID",
        "DE-4, -1, EUR, 422, INVALID",
        "DE-4, 9223372036854775807, EUR, 422, INVALID",
        "DE-4, 9223372036854775808, EUR, 422, INVALID",
        "DE-4, 1, XYZ, 422, INVALID",
        "refuse-1, 1, EUR, 409, REFUSED_BY_BANK",
        "closed-1, 1, EUR, 409, ACCOUNT_CLOSED"
    })
    void refusesWithAReasonAndSaysSoAgain(String account, String amount, String currency, int status, String reason)
            throws Exception {
        account("DE-4", 7);
        account("closed-1", 7);
        String body = "{\"account\":\"" + account + "\",\"amount\":" + amount + ",\"currency\":\"" + currency + "\"}";
        String branch = account + "-" + amount + "-" + currency;
        for (int i = 0; i < 2; i++) {
            HttpResponse<String> refused = pay("g4", branch, body);
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(status);
            assertThat(refused.body()).contains("\"outcome\":\"REFUSED\"").contains("\"reason\":\"" + reason + "\"");
        }
        assertThat(takeBack("g4", branch).body()).isEqualTo("{\"outcome\":\"COMPENSATED\"}");
        assertThat(get("/accounts/DE-4").body()).contains("\"balance\":7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "null", "[]", "17", "{\"account\":\"DE-1\"}", "{\"account\":{},\"amount\":\"much\"}"})
    void refusesWhatIsNoPayment(String body) throws Exception {
        HttpResponse<String> refused = pay("g5", "b" + Integer.toHexString(body.hashCode()), body);
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("INVALID");
    }

    @Test
    void refusesToTakeBackWhatIsSpentUntilItIsThereAgain() throws Exception {
        account("DE-6", 0);
        pay("g6", "1", body("DE-6", 100_000, "EUR"));
        assertThat(post("/accounts/DE-6/spend", "{\"amount\":5000}").statusCode())
                .isEqualTo(200);
        for (int i = 0; i < 2; i++) {
            HttpResponse<String> refused = takeBack("g6", "1");
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(refused.body())
                    .isEqualTo("{\"outcome\":\"REFUSED\",\"reason\":\"INSUFFICIENT_FUNDS\",\"shortfall\":5000,"
                            + "\"text\":\"Account DE-6 lacks 5000\"}");
        }
        pay("g6", "2", body("DE-6", 5000, "EUR"));
        assertThat(takeBack("g6", "1").body()).isEqualTo("{\"outcome\":\"COMPENSATED\"}");
        assertThat(post("/accounts/DE-6/spend", "{\"amount\":1}").statusCode()).isEqualTo(409);
    }

    @Test
    void losesTheAnswerOfADyingAccountAndGivesItWhenAskedAgain() throws Exception {
        account("die-1", 0);
        assertThatThrownBy(() -> pay("g7", "1", body("die-1", 100, "EUR"))).isInstanceOf(IOException.class);
        assertThat(get("/accounts/die-1").body()).contains("\"balance\":100");
        assertThat(pay("g7", "1", body("die-1", 100, "EUR")).body()).isEqualTo("{\"outcome\":\"COMMITTED\"}");
        assertThatThrownBy(() -> takeBack("g7", "1")).isInstanceOf(IOException.class);
        assertThat(takeBack("g7", "1").body()).isEqualTo("{\"outcome\":\"COMPENSATED\"}");
        assertThat(get("/accounts/die-1").body()).contains("\"balance\":0");
    }

    @Test
    void isDownForOneAccountAndUpForOthers() throws Exception {
        account("down-1", 0);
        for (int i = 0; i < 3; i++) {
            assertThat(pay("g8", "1", body("down-1", 100, "EUR")).statusCode()).isEqualTo(503);
        }
        assertThat(takeBack("g8", "1").body()).isEqualTo("{\"outcome\":\"COMPENSATED\"}");
        assertThat(get("/accounts/down-1").body()).contains("\"balance\":0");
    }

    @Test
    void failsEveryOtherTimeForAFlakyAccount() throws Exception {
        account("flaky-1", 0);
        assertThat(pay("g9", "1", body("flaky-1", 100, "EUR")).statusCode()).isEqualTo(503);
        assertThat(pay("g9", "1", body("flaky-1", 100, "EUR")).statusCode()).isEqualTo(200);
        assertThat(takeBack("g9", "1").statusCode()).isEqualTo(503);
        assertThat(takeBack("g9", "1").statusCode()).isEqualTo(200);
    }

    @Test
    void answersNonsenseWithoutAnEffectAndGarblesAnAnswerWithOne() throws Exception {
        account("nonsense-1", 0);
        account("garble-1", 0);
        for (int i = 0; i < 2; i++) {
            HttpResponse<String> nonsense = pay("g10", "1", body("nonsense-1", 100, "EUR"));
            assertThat(nonsense.statusCode()).isEqualTo(200);
            assertThat(nonsense.body()).startsWith("<html>");
        }
        assertThat(get("/accounts/nonsense-1").body()).contains("\"balance\":0");
        assertThat(pay("g10", "2", body("garble-1", 100, "EUR")).body()).startsWith("<html>");
        assertThat(get("/accounts/garble-1").body()).contains("\"balance\":100");
        assertThat(pay("g10", "2", body("garble-1", 100, "EUR")).body()).isEqualTo("{\"outcome\":\"COMMITTED\"}");
    }

    @Test
    void takesEffectBeforeItsSlowAnswer() throws Exception {
        account("slow-1", 0);
        CompletableFuture<HttpResponse<String>> slow = client.sendAsync(
                request("/payroll/g11/1")
                        .POST(HttpRequest.BodyPublishers.ofString(body("slow-1", 100, "EUR")))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        // Whether the first or this one is carried out: one answer is late, the other is not, and there is one effect.
        HttpResponse<String> second = pay("g11", "1", body("slow-1", 100, "EUR"));
        assertThat(second.body()).isEqualTo("{\"outcome\":\"COMMITTED\"}");
        assertThat(slow.get().body()).isEqualTo("{\"outcome\":\"COMMITTED\"}");
        assertThat(get("/accounts/slow-1").body()).contains("\"balance\":100");
    }

    @Test
    void keepsWhatItWillNotOrCannotGiveBack() throws Exception {
        for (String account : List.of("close-1", "keep-1", "spend-1")) {
            account(account, 0);
            assertThat(pay("g12", account, body(account, 101, "EUR")).statusCode())
                    .isEqualTo(200);
        }
        assertThat(takeBack("g12", "close-1").body()).contains("ACCOUNT_CLOSED").contains("\"shortfall\":101");
        assertThat(takeBack("g12", "keep-1").statusCode()).isEqualTo(503);
        assertThat(takeBack("g12", "spend-1").body())
                .contains("INSUFFICIENT_FUNDS")
                .contains("\"shortfall\":51");
    }

    @Test
    void hasOneEffectForManyAtOnce() throws Exception {
        account("DE-13", 0);
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 40)
                .mapToObj(i -> client.sendAsync(
                        request("/payroll/g13/1")
                                .POST(HttpRequest.BodyPublishers.ofString(body("DE-13", 100, "EUR")))
                                .build(),
                        HttpResponse.BodyHandlers.ofString()))
                .toList();
        assertThat(answers).allSatisfy(it -> assertThat(it.join().body()).isEqualTo("{\"outcome\":\"COMMITTED\"}"));
        assertThat(get("/accounts/DE-13").body()).contains("\"balance\":100");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/payroll/g%20x/1", "/payroll/g/b%3Bc", "/payroll/gx/%7Bb%7D"})
    void refusesIdsThatAreNone(String path) throws Exception {
        HttpResponse<String> refused = post(path, body("DE-1", 1, "EUR"));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("INVALID_ID");
    }

    @Test
    void guardsABranchHoweverItsPathIsSpelt() throws Exception {
        account("DE-14", 0);
        for (String path : List.of(
                "/payroll/g14/b1",
                "/payroll/g14/%621",
                "/payroll//g14/b1",
                "/payroll/g14/b1/",
                "/payroll/./g14/b1;x=y")) {
            HttpResponse<String> answer = post(path, body("DE-14", 100, "EUR"));
            assertThat(answer.statusCode()).as(path + ": " + answer.body()).isIn(200, 404);
        }
        assertThat(get("/accounts/DE-14").body()).contains("\"balance\":100");
    }

    @Test
    void remembersAcrossARestart() throws Exception {
        account("DE-15", 0);
        pay("g15", "1", body("DE-15", 100, "EUR"));
        banks.close();
        banks = start();
        assertThat(pay("g15", "1", body("DE-15", 100, "EUR")).body()).isEqualTo("{\"outcome\":\"COMMITTED\"}");
        assertThat(get("/accounts/DE-15").body()).contains("\"balance\":100");
    }

    @Test
    void opensManyAtOnceAndTheSameAgain() throws Exception {
        String many = IntStream.range(0, 1000)
                .mapToObj(i -> "{\"account\":\"many-" + i + "\",\"currency\":\"EUR\",\"balance\":" + i + "}")
                .toList()
                .toString();
        assertThat(post("/accounts", many).body()).isEqualTo("{\"accounts\":1000}");
        assertThat(post("/accounts", many).statusCode()).isEqualTo(200);
        assertThat(post("/accounts", "{\"account\":\"many-1\",\"currency\":\"EUR\",\"balance\":9}")
                        .statusCode())
                .isEqualTo(409);
        assertThat(post("/accounts", "{\"account\":\"x\"}").statusCode()).isEqualTo(400);
        assertThat(get("/nowhere").statusCode()).isEqualTo(404);
    }

    private void account(String number, long balance) throws Exception {
        HttpResponse<String> opened =
                post("/accounts", "{\"account\":\"" + number + "\",\"currency\":\"EUR\",\"balance\":" + balance + "}");
        assertThat(opened.statusCode()).as(opened.body()).isEqualTo(200);
    }

    private static String body(String account, long amount, String currency) {
        return "{\"account\":\"" + account + "\",\"amount\":" + amount + ",\"currency\":\"" + currency
                + "\",\"reference\":\"salary 2026-11\"}";
    }

    private HttpResponse<String> pay(String globalId, String branch, String body) throws Exception {
        return post("/payroll/" + globalId + "/" + branch, body);
    }

    private HttpResponse<String> takeBack(String globalId, String branch) throws Exception {
        return client.send(
                request("/payroll/" + globalId + "/" + branch).DELETE().build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return client.send(
                request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(banks.uri("north") + path)).timeout(Duration.ofSeconds(30));
    }
}
