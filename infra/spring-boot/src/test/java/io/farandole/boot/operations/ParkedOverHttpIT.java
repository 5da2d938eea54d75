package io.farandole.boot.operations;

import static io.farandole.boot.operations.Client.basic;
import static io.farandole.boot.operations.Client.json;
import static io.farandole.boot.operations.Client.query;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.axon.ParkedDecision;
import io.farandole.axon.ParkedProcesses;
import io.farandole.boot.operations.Client.Answer;
import io.farandole.testservers.Patience;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator sees and does over HTTP, at a service on a real database. */
class ParkedOverHttpIT {

    private static final String PROCESSOR = "courier";
    private static final String AWKWARD = "a/b?c=%2F\"'ß😀";
    private static final String WHY = "the label is readable now";

    private static PostOffice office;
    private static Client client;

    @BeforeAll
    static void opens() {
        office = PostOffice.open(Map.of());
        client = new Client(office.port("server"));
    }

    @AfterAll
    static void closes() {
        if (office != null) {
            office.close();
        }
    }

    static List<String> keys() {
        return List.of(AWKWARD, "é漢".repeat(250), "plain-1", " ", "../..", "a&key=b+c");
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aProcessIsShownAndRetriedWhateverItsKey(String key) {
        office.fail(key, new IllegalStateException("no label"));
        Answer shown = show(key);
        assertThat(shown.status()).as(shown.toString()).isEqualTo(200);
        assertThat(shown.header("Cache-Control")).contains("no-store");
        assertThat(shown.text("/process/processKey")).isEqualTo(key);
        assertThat(shown.text("/process/status")).isEqualTo("PARKED");
        assertThat(shown.text("/process/errorMessage")).isEqualTo("no label");
        assertThat(shown.text("/process/firstFailedAt")).matches("\\d{4}-.*Z");
        assertThat(shown.text("/sentence")).contains("waits for a person");
        assertThat(shown.json().has("stackTrace")).isFalse();

        office.courier().failures.remove(key);
        Answer decided = decide(key, "RETRY");
        assertThat(decided.status()).as(decided.toString()).isEqualTo(200);
        assertThat(decided.text("/outcome")).isEqualTo("ACCEPTED");
        assertThat(decided.text("/sentence")).isNotEmpty();
        Answer after = awaitState(key, "RESOLVED");
        assertThat(after.text("/decisions/0/id")).isEqualTo(decided.text("/decisionId"));
        assertThat(after.text("/decisions/0/by")).isEqualTo("ada");
        assertThat(after.text("/decisions/0/reason")).isEqualTo(WHY);
        assertThat(after.text("/sentence")).contains("RETRY by ada was carried out at ");
        Patience.await().untilAsserted(() -> assertThat(show(key).text("/sentence"))
                .startsWith("Not set aside any more: RETRY by ada was carried out at "));
        assertThat(office.courier().delivered).contains(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SKIP", "RESOLVE", "DISCARD"})
    void whatIsLeftOutIsNotDeliveredAndWhatFollowsIs(String decision) {
        String key = "out-" + decision;
        office.fail(key, new IllegalStateException("gone"));
        assertThat(decide(key, decision).text("/outcome")).isEqualTo("ACCEPTED");
        awaitState(key, "RESOLVED");
        assertThat(office.courier().delivered).doesNotContain(key);
        office.courier().failures.remove(key);
        office.post(key);
        Patience.await().until(() -> office.courier().delivered.contains(key));
    }

    @Test
    void aRetryThatFailsAgainIsToldTruthfully() {
        office.fail("again-1", new IllegalStateException("still no label"));
        decide("again-1", "RETRY");
        Answer after = awaitState("again-1", "FAILED_AGAIN");
        assertThat(after.json().at("/decisions/0/failedAttempts").asInt()).isEqualTo(1);
        Patience.await().untilAsserted(() -> assertThat(show("again-1").text("/sentence"))
                .isEqualTo("RETRY by ada failed again (once): it waits for a person."));
    }

    @Test
    void aDoubleClickSaysThatItIsOneAndAnotherDecisionMeanwhileIsRefused() {
        String key = "busy-1";
        office.fail(key, new IllegalStateException("no label"));
        String event = show(key).text("/process/failedEventId");
        CountDownLatch goOn = new CountDownLatch(1);
        office.courier().waits.put(key, goOn);
        office.courier().failures.remove(key);
        try {
            assertThat(decide(key, event, "RETRY", WHY).text("/outcome")).isEqualTo("ACCEPTED");
            Patience.await().until(() -> office.courier().waiting.contains(key));
            Answer again = decide(key, event, "RETRY", WHY);
            assertThat(again.status()).isEqualTo(200);
            assertThat(again.text("/outcome")).isEqualTo("ALREADY_REQUESTED");
            assertThat(show(key).text("/decisions/0/state")).isEqualTo("IN_FLIGHT");
            assertThat(show(key).text("/sentence")).isEqualTo("RETRY by ada is being carried out at this moment.");
            Answer other = decide(key, event, "SKIP", WHY);
            assertProblem(other, 409);
            assertThat(other.text("/outcome")).isEqualTo("IN_FLIGHT");
            assertThat(other.text("/detail")).contains("look again");
        } finally {
            goOn.countDown();
        }
        awaitState(key, "RESOLVED");
        assertThat(show(key).json().path("decisions").size()).isEqualTo(1);
    }

    @Test
    void decisionsThatCannotStandAreRefusedWithASentence() {
        office.fail("refused-1", new IllegalStateException("no label"));
        Answer movedOn = decide("refused-1", "another-event", "RETRY", WHY);
        assertProblem(movedOn, 409);
        assertThat(movedOn.text("/outcome")).isEqualTo("MOVED_ON");
        assertThat(movedOn.text("/detail")).contains("has moved on");
        Answer compensate = decide("refused-1", "COMPENSATE");
        assertProblem(compensate, 422);
        assertThat(compensate.text("/outcome")).isEqualTo("NOT_COMPENSABLE");
        Answer nothing = decide("nobody", "any", "RETRY", WHY);
        assertProblem(nothing, 404);
        assertThat(nothing.text("/outcome")).isEqualTo("NOT_SET_ASIDE");
        assertProblem(show("nobody"), 404);
        assertProblem(client.get("/parkedretries/none"), 404);
        assertProblem(client.post("/parkedretries/none/cancel", json("reason", WHY)), 404);
        assertProblem(client.post("/parkedretries/none/explode", json("reason", WHY)), 404);
        assertThat(parked().decisions(PROCESSOR, "refused-1")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "processor, '', processor",
        "key, '', key",
        "failedEventId, '', failedEventId",
        "decision, '', decision",
        "decision, DELETE, decision",
        "reason, '', reason",
        "reason, '  ', reason",
        "reason, LONG, reason",
        "reason, NUL, reason"
    })
    void aBadFieldIsNamed(String field, String value, String named) {
        Map<String, String> fields = new LinkedHashMap<>(
                Map.of("processor", PROCESSOR, "key", "k", "failedEventId", "e", "decision", "RETRY", "reason", WHY));
        fields.put(field, value.replace("LONG", "x".repeat(2_001)).replace("NUL", "a\0b"));
        assertBad(
                client.post(
                        "/parkedprocess",
                        json(fields.entrySet().stream()
                                .flatMap(entry -> Stream.of(entry.getKey(), entry.getValue()))
                                .toArray())),
                named);
        fields.remove(field);
        assertBad(
                client.post(
                        "/parkedprocess",
                        json(fields.entrySet().stream()
                                .flatMap(entry -> Stream.of(entry.getKey(), entry.getValue()))
                                .toArray())),
                named);
    }

    @ParameterizedTest
    @CsvSource({
        "/parked?status=LOST, status",
        "/parked?minimumAge=soon, minimumAge",
        "/parked?minimumAge=-1s, minimumAge",
        "/parked?minimumAge=99999999999999999d, minimumAge",
        "/parked?limit=0, limit",
        "/parked?limit=1001, limit",
        "/parked?limit=ten, limit",
        "/parked?after=none, after",
        "/parkedprocess?processor=courier, key",
        "/parkedprocess?key=k, processor",
        "/parkedprocess?processor=p&key=k&stackTrace=maybe, stackTrace",
        "/parkedgroups?limit=0, limit",
        "/parkedretries?limit=x, limit"
    })
    void aBadParameterIsNamed(String path, String named) {
        assertBad(client.get(path), named);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"processor\":", "hello", "[]", "[\"a\"]", "{\"processor\":{}}", "{\"processor\":[1]}"})
    void aBodyThatIsNoObjectOfTextsIsAProblem(String body) {
        assertProblem(client.post("/parkedprocess", body), 400);
    }

    @Test
    void aBodyThatIsMissingIsAProblem() {
        assertProblem(client.post("/parkedprocess", ""), 400);
        assertProblem(client.post("/parkedprocess", "null"), 400);
    }

    @Test
    void aStackTraceOf100KilobytesIsShownWhole() {
        String message = "ä".repeat(100_000) + " and the end";
        office.fail("traced-1", new IllegalStateException(message));
        Answer shown =
                client.get("/parkedprocess" + query("processor", PROCESSOR, "key", "traced-1", "stackTrace", "true"));
        assertThat(shown.text("/stackTrace")).contains(message).contains("at " + ParkedOverHttpIT.class.getName());
        assertThat(shown.text("/process/errorMessage")).hasSize(1_000);
        assertThat(client.get("/parked").response().body().length()).isLessThan(200_000);
    }

    @Test
    void theListIsNarrowedAndPagedWithoutGapsOrRepetitions() {
        Set<String> parked = new LinkedHashSet<>();
        IntStream.range(0, 7).forEach(i -> {
            office.fail("page-" + i, new UnsupportedOperationException("page"));
            parked.add("page-" + i);
        });
        String fingerprint = show("page-0").text("/process/fingerprint");
        List<String> read = new ArrayList<>();
        String after = "";
        do {
            Answer page = client.get("/parked"
                    + query("fingerprint", fingerprint, "status", "parked", "processor", PROCESSOR, "limit", "3")
                    + (after.isEmpty() ? "" : "&after=" + after));
            assertThat(page.status()).as(page.toString()).isEqualTo(200);
            page.json()
                    .path("processes")
                    .forEach(row -> read.add(row.path("processKey").asString()));
            after = page.json().has("next") ? page.text("/next") : "";
        } while (!after.isEmpty() && read.size() < 100);
        assertThat(read).containsExactlyElementsOf(parked);
        assertThat(client.get("/parked" + query("fingerprint", fingerprint, "minimumAge", "1h"))
                        .json()
                        .path("processes")
                        .size())
                .isZero();
        assertThat(client.get("/parked" + query("processor", "nobody")).json().path("processes"))
                .isEmpty();

        Answer groups = client.get("/parkedgroups" + query("processor", PROCESSOR));
        assertThat(groups.json().path("groups")).anySatisfy(group -> {
            assertThat(group.path("fingerprint").asString()).isEqualTo(fingerprint);
            assertThat(group.path("parked").asInt()).isEqualTo(7);
            assertThat(group.path("sampleKey").asString()).isEqualTo("page-0");
        });

        parked.forEach(office.courier().failures::remove);
        Answer started = client.post(
                "/parkedretries",
                json("fingerprint", fingerprint, "processor", PROCESSOR, "most", 5, "perSecond", 100, "reason", WHY));
        assertThat(started.status()).as(started.toString()).isEqualTo(200);
        assertThat(started.text("/retry/by")).isEqualTo("ada");
        String id = started.text("/retry/id");
        Patience.await().untilAsserted(() -> {
            Answer progress = client.get("/parkedretries/" + id);
            assertThat(progress.text("/retry/state")).isEqualTo("DONE");
            assertThat(progress.json().at("/retry/resolved").asInt()).isEqualTo(5);
        });
        assertThat(client.get("/parkedretries?limit=1000").json().path("retries"))
                .anySatisfy(retry -> assertThat(retry.path("id").asString()).isEqualTo(id));
        assertThat(show("page-6").text("/process/status")).isEqualTo("PARKED");
    }

    @Test
    void aGroupRetryIsCancelled() {
        for (int i = 0; i < 4; i++) {
            office.fail("slow-" + i, new ArithmeticException("slow"));
        }
        String fingerprint = show("slow-0").text("/process/fingerprint");
        String id = client.post("/parkedretries", json("fingerprint", fingerprint, "perSecond", 1, "reason", WHY))
                .text("/retry/id");
        assertBad(client.post("/parkedretries/" + id + "/cancel", json("reason", "")), "reason");
        Answer cancelled = client.post("/parkedretries/" + id + "/cancel", json("reason", "not now"));
        assertThat(cancelled.status()).as(cancelled.toString()).isEqualTo(200);
        assertThat(cancelled.text("/retry/state")).isEqualTo("CANCELLED");
        assertBad(client.post("/parkedretries", json("reason", WHY)), "processor");
        assertBad(client.post("/parkedretries", json("processor", "p", "most", 0, "reason", WHY)), "most");
        assertBad(
                client.post("/parkedretries", json("processor", "p", "perSecond", "1.5", "reason", WHY)), "perSecond");
        assertBad(client.post("/parkedretries", json("processor", "p")), "reason");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/parked",
                "/parkedgroups",
                "/parkedretries",
                "/parkedretries/x",
                "/parkedprocess?processor=p&key=k",
                "/%70arked",
                "/parked;a=b"
            })
    void nobodyReadsWithoutSigningIn(String path) {
        Answer answer = client.send(client.request(path).GET());
        assertProblem(answer, 401);
        assertThat(answer.header("WWW-Authenticate")).startsWith("Basic realm=");
    }

    @Test
    void aWrongPasswordAndAWrongNameAreAnsweredAlike() {
        List<String> bodies = new ArrayList<>();
        for (String authorization : List.of(
                basic("ada", "wrong"), basic("nobody", "wrong"), basic("bob", PostOffice.PASSWORD), "Basic !")) {
            Answer answer = client.send(client.request("/parkedprocess")
                    .header("Authorization", authorization)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(json("processor", PROCESSOR))));
            assertProblem(answer, 401);
            bodies.add(answer.response().body());
        }
        assertThat(bodies.stream().distinct()).hasSize(1);
    }

    @Test
    void theActorIsWhoSignedInWhateverTheRequestSays() {
        office.fail("actor-1", new IllegalStateException("no label"));
        String event = show("actor-1").text("/process/failedEventId");
        client.post(
                "/parkedprocess?by=mallory",
                json(
                        "processor",
                        PROCESSOR,
                        "key",
                        "actor-1",
                        "failedEventId",
                        event,
                        "decision",
                        "SKIP",
                        "reason",
                        WHY,
                        "by",
                        "mallory",
                        "person",
                        "mallory"));
        assertThat(parked().decisions(PROCESSOR, "actor-1"))
                .extracting(ParkedDecision::by)
                .containsExactly("ada");
    }

    @Test
    void whoTheApplicationsOwnSecuritySignedInCounts() {
        office.fail("own-1", new IllegalStateException("no label"));
        String event = show("own-1").text("/process/failedEventId");
        Answer answer = client.send(client.request("/parkedprocess")
                .header(PostOffice.OWN_SECURITY, "grace")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body("own-1", event, "SKIP", WHY))));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(parked().decisions(PROCESSOR, "own-1"))
                .extracting(ParkedDecision::by)
                .containsExactly("grace");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site"})
    void aPageOfAnotherSiteDecidesNothing(String site) {
        office.fail("forged-" + site, new IllegalStateException("no label"));
        String event = show("forged-" + site).text("/process/failedEventId");
        assertProblem(
                client.post("/parkedprocess", body("forged-" + site, event, "SKIP", WHY), "Sec-Fetch-Site", site), 403);
        assertThat(parked().decisions(PROCESSOR, "forged-" + site)).isEmpty();
        assertThat(client.post(
                                "/parkedprocess",
                                body("forged-" + site, event, "SKIP", WHY),
                                "Sec-Fetch-Site",
                                "same-origin")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "nonsense", ""})
    void aFormDecidesNothing(String type) {
        HttpRequest.Builder request = client.request("/parkedprocess")
                .header("Authorization", basic("ada", PostOffice.PASSWORD))
                .POST(HttpRequest.BodyPublishers.ofString(body("k", "e", "SKIP", WHY)));
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        assertProblem(client.send(request), 415);
    }

    @Test
    void actuatorsOwnTypeIsJsonToo() {
        HttpRequest.Builder request = client.request("/parkedprocess")
                .header("Authorization", basic("ada", PostOffice.PASSWORD))
                .header("Content-Type", "application/vnd.spring-boot.actuator.v3+json")
                .POST(HttpRequest.BodyPublishers.ofString(body("nobody", "e", "SKIP", WHY)));
        assertProblem(client.send(request), 404);
    }

    @Test
    void healthStaysOpen() {
        assertThat(client.send(client.request("/health").GET()).status()).isEqualTo(200);
    }

    private static ParkedProcesses parked() {
        return office.bean(ParkedProcesses.class);
    }

    private static Answer show(String key) {
        return client.get("/parkedprocess" + query("processor", PROCESSOR, "key", key));
    }

    private static Answer decide(String key, String decision) {
        return decide(key, show(key).text("/process/failedEventId"), decision, WHY);
    }

    private static Answer decide(String key, String event, String decision, String reason) {
        return client.post("/parkedprocess", body(key, event, decision, reason));
    }

    private static String body(String key, String event, String decision, String reason) {
        return json("processor", PROCESSOR, "key", key, "failedEventId", event, "decision", decision, "reason", reason);
    }

    private static Answer awaitState(String key, String state) {
        Patience.await().untilAsserted(() -> assertThat(show(key).text("/decisions/0/state"))
                .isEqualTo(state));
        return show(key);
    }

    private static void assertBad(Answer answer, String field) {
        assertProblem(answer, 400);
        assertThat(answer.text("/field")).as(answer.toString()).isEqualTo(field);
        assertThat(answer.text("/detail")).contains(field);
    }

    private static void assertProblem(Answer answer, int status) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().path("status").asInt()).isEqualTo(status);
        assertThat(answer.text("/title")).isNotEmpty();
        assertThat(answer.text("/detail")).isNotEmpty();
        assertThat(answer.response().body()).doesNotContain("Exception");
    }
}
