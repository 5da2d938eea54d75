package io.farandole.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is typed, what is asked of the service, what is shown, and the exit code. */
class ParkedCommandTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PROCESS =
            "{\"processor\":\"P\",\"processKey\":\"o-1\",\"status\":\"PARKED\",\"attempts\":10,"
                    + "\"firstFailedAt\":\"2026-11-22T09:54:30Z\",\"lastFailedAt\":\"2026-11-22T09:55:20Z\",\"failedEventId\":\"e-1\","
                    + "\"failedEventType\":\"shop.OrderPlaced\",\"failedPosition\":7,\"errorClass\":\"java.lang.IllegalStateException\","
                    + "\"errorMessage\":\"no stock\\u001b[2Jleft\",\"fingerprint\":\"f-1\",\"waitingEvents\":3}";
    private static final String SHOWN =
            "{\"sentence\":\"Failed 10 times: it waits for a person.\",\"process\":" + PROCESS + ",\"decisions\":[]}";
    private static final String ACCEPTED =
            "{\"outcome\":\"ACCEPTED\",\"decisionId\":\"d-1\",\"sentence\":\"The event is left out.\"}";

    private final RecordingService stock = new RecordingService();
    private final Typed typed = new Typed(stock);

    @AfterEach
    void closes() {
        stock.close();
    }

    @Test
    void listsAsATable() {
        stock.answer("GET /actuator/parked", 200, "{\"processes\":[" + PROCESS + "],\"next\":\"abc\"}");
        assertThat(typed.run("parked", "list")).isZero();
        assertThat(typed.out().lines())
                .containsExactly(
                        "CONTEXT  PROCESSOR  PROCESS  STATUS  AGE    ATTEMPTS  WAITING  FAILED AT    ERROR",
                        "stock    P          o-1      PARKED  2h 5m  10        3        OrderPlaced  IllegalStateException: no stock\\u001b[2Jleft",
                        "There are more: --context stock --after abc");
        assertThat(stock.last().authorization())
                .isEqualTo(
                        "Basic " + Base64.getEncoder().encodeToString("ada:secret".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void handsFiltersOn() {
        stock.answer("GET /actuator/parked", 200, "{\"processes\":[]}");
        assertThat(typed.run(
                        "parked",
                        "list",
                        "--saga=A&B",
                        "--status=parked",
                        "--min-age=15m",
                        "--fingerprint=f",
                        "--limit=7",
                        "--after=x"))
                .isZero();
        assertThat(stock.last().query())
                .isEqualTo("processor=A%26B&status=parked&minimumAge=15m&fingerprint=f&after=x&limit=7");
        assertThat(typed.out()).isEqualToIgnoringNewLines("Nothing is set aside.");
    }

    @Test
    void asksAllContextsAndTellsOfThoseThatDoNotAnswer() {
        stock.answer("GET /actuator/parked", 200, "{\"processes\":[" + PROCESS + "]}");
        typed.environment.put("FARANDOLE_ORDER_URL", "http://127.0.0.1:1");
        typed.environment.put("FARANDOLE_POSTGRES_URL", "postgresql://x");
        assertThat(typed.run("parked", "list", "--format=json")).isEqualTo(3);
        JsonNode answer = JSON.readTree(typed.out());
        assertThat(answer.at("/contexts/0/context").asString()).isEqualTo("order");
        assertThat(answer.at("/contexts/0/error").asString()).contains("cannot be reached");
        assertThat(answer.at("/contexts/1/processes/0/processKey").asString()).isEqualTo("o-1");
        assertThat(typed.err()).contains("order cannot be reached at http://127.0.0.1:1");
    }

    @Test
    void showsAProcessAndItsDecisions() {
        stock.answer(
                "GET /actuator/parkedprocess",
                200,
                SHOWN.replace(
                        "\"decisions\":[]",
                        "\"decisions\":[{\"id\":\"d\",\"decision\":\"RETRY\",\"state\":\"FAILED_AGAIN\",\"failedAttempts\":2,"
                                + "\"by\":\"ada\",\"decidedAt\":\"2026-11-22T10:00:00Z\",\"eventId\":\"e-1\",\"reason\":\"a\\nb\"}],"
                                + "\"stackTrace\":\"java.lang.X\\n\\tat y\\u0007\\n\""));
        assertThat(typed.run("parked", "show", "P", "a/b?c=%2F\"'ß😀", "--stack-trace"))
                .isZero();
        assertThat(stock.last().query())
                .isEqualTo("processor=P&key=a%2Fb%3Fc%3D%252F%22%27%C3%9F%F0%9F%98%80&stackTrace=true");
        assertThat(typed.out())
                .contains("now            Failed 10 times: it waits for a person.")
                .contains("failed at      shop.OrderPlaced  e-1, position 7")
                .contains("RETRY     FAILED_AGAIN  2       ada  2026-11-22T10:00:00Z  e-1    a b")
                .contains("java.lang.X\n\tat y\\u0007\n");
    }

    @ParameterizedTest
    @CsvSource({"skip, SKIP", "resolve, RESOLVE", "discard, DISCARD", "compensate, COMPENSATE"})
    void asksBeforeItLeavesSomethingOutAndNamesTheEventThatWasShown(String command, String decision) {
        stock.answer("GET /actuator/parkedprocess", 200, SHOWN).answer("POST /actuator/parkedprocess", 200, ACCEPTED);
        typed.atTerminal("yes");
        assertThat(typed.run("parked", command, "P", "o-1", "--reason=why not")).isZero();
        assertThat(typed.err()).contains("Will be left out: OrderPlaced e-1 at position 7");
        assertThat(typed.err().contains("and 2 events queued behind it")).isEqualTo(command.equals("discard"));
        assertThat(typed.asked()).contains(command + " o-1 in P of stock? Type yes:");
        JsonNode sent = JSON.readTree(stock.last().body());
        assertThat(sent.path("failedEventId").asString()).isEqualTo("e-1");
        assertThat(sent.path("decision").asString()).isEqualTo(decision);
        assertThat(sent.path("reason").asString()).isEqualTo("why not");
        assertThat(sent.path("key").asString()).isEqualTo("o-1");
        assertThat(typed.out()).isEqualToIgnoringNewLines("ACCEPTED: The event is left out.");
    }

    @Test
    void decidesNothingWithoutAYes() {
        stock.answer("GET /actuator/parkedprocess", 200, SHOWN);
        assertThat(typed.atTerminal("y").run("parked", "skip", "P", "o-1", "--reason=x"))
                .isEqualTo(1);
        assertThat(typed.err()).contains("Nothing was decided");
        assertThat(stock.requests()).hasSize(1);
    }

    @Test
    void leavesNothingOutUnaskedWhereNobodyIs() {
        assertThat(typed.run("parked", "discard", "P", "o-1", "--reason=x")).isEqualTo(2);
        assertThat(typed.err()).contains("--yes");
        assertThat(stock.requests()).isEmpty();
    }

    @Test
    void retriesWithoutAsking() {
        stock.answer("GET /actuator/parkedprocess", 200, SHOWN).answer("POST /actuator/parkedprocess", 200, ACCEPTED);
        assertThat(typed.run("parked", "retry", "P", "o-1", "--reason=x", "--event=e-0"))
                .isZero();
        assertThat(JSON.readTree(stock.last().body()).path("failedEventId").asString())
                .isEqualTo("e-0");
    }

    @ParameterizedTest
    @CsvSource({"RESOLVED, 0", "FAILED_AGAIN, 1", "SUPERSEDED, 1"})
    void waitsUntilItHasBeenTried(String state, int exitCode) {
        String decision = "\"decisions\":[{\"id\":\"d-1\",\"state\":\"%s\"}]";
        stock.answer("GET /actuator/parkedprocess", 200, SHOWN)
                .answer(
                        "GET /actuator/parkedprocess",
                        200,
                        SHOWN.replace("\"decisions\":[]", String.format(decision, "REQUESTED")))
                .answer(
                        "GET /actuator/parkedprocess",
                        200,
                        SHOWN.replace("\"decisions\":[]", String.format(decision, state)))
                .answer("POST /actuator/parkedprocess", 200, ACCEPTED);
        assertThat(typed.run("parked", "retry", "P", "o-1", "--reason=x", "--wait=10"))
                .isEqualTo(exitCode);
        assertThat(stock.requests()).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource({"400, 2", "401, 3", "403, 1", "404, 1", "409, 1", "422, 1", "429, 3", "500, 3", "503, 3"})
    void tellsARefusalsSentenceAndAnExitCodeThatScriptsCanUse(int status, int exitCode) {
        stock.answer("GET /actuator/parkedprocess", 200, SHOWN)
                .answer(
                        "POST /actuator/parkedprocess",
                        status,
                        "{\"status\":" + status + ",\"detail\":\"Look again.\"}");
        assertThat(typed.run("parked", "retry", "P", "o-1", "--reason=x")).isEqualTo(exitCode);
        assertThat(typed.err()).startsWith("farandole: stock: Look again.");
        assertThat(typed.out()).isEmpty();
    }

    @Test
    void tellsWhatIsNotSetAsideAnyMore() {
        stock.answer(
                "GET /actuator/parkedprocess",
                200,
                "{\"sentence\":\"Not set aside any more.\",\"decisions\":[{\"id\":\"d\",\"decision\":\"SKIP\"}]}");
        assertThat(typed.run("parked", "retry", "P", "o-1", "--reason=x")).isEqualTo(1);
        assertThat(typed.err()).contains("Not set aside any more.");
        assertThat(typed.run("parked", "show", "P", "o-1")).isZero();
        assertThat(typed.out()).contains("SKIP").contains("now            Not set aside any more.");
    }

    @Test
    void saysThatEndpointsMayNotBeExposed() {
        assertThat(typed.run("parked", "list")).isEqualTo(3);
        assertThat(typed.err()).contains("management.endpoints.web.exposure.include");
    }

    @Test
    void saysThatSomebodyElseAnswers() {
        stock.answer("GET /actuator/parked", 200, "<html>hello</html>");
        assertThat(typed.run("parked", "list")).isEqualTo(3);
        assertThat(typed.err()).contains("not from Farandole's endpoints");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "parked",
                "parked list --limit=ten",
                "parked list --format=xml",
                "parked retry P o-1",
                "parked retry P --reason=x",
                "parked retry P o-1 --reason= --yes",
                "parked retry-group --reason=x",
                "parked list --context=unknown",
                "parked list --url=nonsense",
                "parked list --password=x",
                "nonsense"
            })
    void whatCannotBeMeantIsUsage(String line) {
        assertThat(typed.run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
        assertThat(typed.err()).isNotEmpty();
        assertThat(stock.requests()).isEmpty();
    }

    @Test
    void wantsAContextWhereThereAreSeveral() {
        typed.environment.put("FARANDOLE_GIFT_CARD_URL", "http://127.0.0.1:1");
        assertThat(typed.run("parked", "show", "P", "o-1")).isEqualTo(2);
        assertThat(typed.err()).contains("gift-card, stock");
        stock.answer("GET /actuator/parkedprocess", 200, SHOWN);
        assertThat(typed.run("parked", "show", "P", "o-1", "--context", "stock"))
                .isZero();
        assertThat(typed.run("parked", "show", "P", "o-1", "--url", stock.url() + "/"))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"@o-1", "-o-1", "--yes", "${sys:user.home}", " ", "a,b"})
    void takesAnyKeyAsItIs(String key) {
        stock.answer("GET /actuator/parkedprocess", 200, SHOWN);
        assertThat(typed.run("parked", "show", "--", "P", key)).isZero();
        assertThat(stock.last().query()).contains("key=" + URLEncoder.encode(key, StandardCharsets.UTF_8) + "&");
    }

    @Test
    void asksActuatorWhereItIs() {
        typed.environment.put("FARANDOLE_STOCK_MANAGEMENT_URL", stock.url() + "/ops");
        stock.answer("GET /ops/parked", 200, "{\"processes\":[]}");
        assertThat(typed.run("parked", "list")).isZero();
    }

    @Test
    void asksWhoYouAreOnATerminalOnce() {
        typed.environment.keySet().removeIf(name -> name.startsWith("FARANDOLE_OPERATOR"));
        stock.answer("GET /actuator/parkedprocess", 200, SHOWN).answer("POST /actuator/parkedprocess", 200, ACCEPTED);
        assertThat(typed.atTerminal("bob", "s:e").run("parked", "retry", "P", "o-1", "--reason=x"))
                .isZero();
        assertThat(typed.asked().lines()).containsExactly("Operator: ", "Password of bob: ");
        assertThat(stock.requests())
                .extracting(RecordingService.Request::authorization)
                .containsOnly(
                        "Basic " + Base64.getEncoder().encodeToString("bob:s:e".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void retriesAGroupAndFollowsIt() {
        String retry =
                "{\"retry\":{\"id\":\"g-1\",\"state\":\"RUNNING\",\"requested\":3,\"resolved\":2,\"failedAgain\":1,"
                        + "\"remaining\":4,\"by\":\"ada\",\"startedAt\":\"2026-11-22T10:00:00Z\",\"fingerprint\":\"f-1\"}}";
        stock.answer("POST /actuator/parkedretries", 200, retry)
                .answer("GET /actuator/parkedretries/g-1", 200, retry)
                .answer(
                        "GET /actuator/parkedretries",
                        200,
                        "{\"retries\":[" + retry.substring(9, retry.length() - 1) + "]}")
                .answer("POST /actuator/parkedretries/g-1/cancel", 200, retry.replace("RUNNING", "CANCELLED"));
        assertThat(typed.run("parked", "retry-group", "--fingerprint=f-1", "--first=7", "--per-second=2", "--reason=x"))
                .isZero();
        assertThat(stock.last().body())
                .isEqualTo("{\"fingerprint\":\"f-1\",\"most\":7,\"perSecond\":2,\"reason\":\"x\"}");
        assertThat(typed.run("parked", "retry-status", "g-1")).isZero();
        assertThat(typed.out()).contains("g-1          RUNNING  3          2         1             4");
        assertThat(typed.run("parked", "retry-status")).isZero();
        assertThat(typed.out()).contains("stock    g-1");
        assertThat(typed.run("parked", "retry-cancel", "g-1", "--reason=x")).isZero();
        assertThat(typed.out()).contains("CANCELLED");
    }

    @Test
    void countsGroups() {
        stock.answer(
                "GET /actuator/parkedgroups",
                200,
                "{\"groups\":[{\"processor\":\"P\",\"fingerprint\":\"f-1\",\"retrying\":1,\"parked\":12,"
                        + "\"oldest\":\"2026-11-20T10:00:00Z\",\"newest\":\"2026-11-22T11:59:15Z\",\"sampleKey\":\"o-1\","
                        + "\"errorClass\":\"a.b.C\",\"errorMessage\":\"no\"}]}");
        assertThat(typed.run("parked", "groups")).isZero();
        assertThat(typed.out())
                .contains("stock    P          f-1          12      1         2d 2h   45s     o-1     C: no");
    }

    @Test
    void warnsOfAPasswordThatTravelsOpenly() {
        typed.environment.put("FARANDOLE_STOCK_URL", "http://stock.invalid:1");
        assertThat(typed.run("parked", "list")).isEqualTo(3);
        assertThat(typed.err()).contains("without TLS");
    }
}
