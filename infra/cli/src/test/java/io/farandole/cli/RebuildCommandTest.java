package io.farandole.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RebuildCommandTest {

    private static final String RUNNING = "{\"rebuild\":" + rebuild("RUNNING", "REBUILD", "null", "null") + "}";

    private final RecordingService stock = new RecordingService();
    private final Typed typed = new Typed(stock);

    private static String rebuild(String state, String purpose, String sentence, String difference) {
        return "{\"id\":7,\"readModel\":\"tracking\",\"purpose\":\"" + purpose
                + "\",\"limitedTo\":null,\"threads\":1,\"by\":\"ada\","
                + "\"reason\":\"why\",\"requestedAt\":\"2026-11-22T10:00:00Z\",\"state\":\"" + state
                + "\",\"position\":430,\"head\":1000,\"events\":400,\"unknownEvents\":0,\"perSecond\":215,\"secondsLeft\":2,"
                + "\"sentence\":" + sentence + ",\"difference\":" + difference + "}";
    }

    private static String difference(long missing, long extra, long different, String examples) {
        return "{\"upTo\":1000,\"tables\":[{\"table\":\"order_status\",\"rows\":500,\"missing\":" + missing
                + ",\"extra\":" + extra + ",\"different\":" + different + ",\"examples\":[" + examples + "]}]}";
    }

    @AfterEach
    void closes() {
        stock.close();
    }

    @Test
    void aRebuildIsAskedForAndFollowedToItsEnd() {
        stock.answer("POST /actuator/rebuild", 200, RUNNING);
        stock.answer("GET /actuator/rebuild/7", 200, RUNNING);
        stock.answer(
                "GET /actuator/rebuild/7",
                200,
                "{\"rebuild\":" + rebuild("DONE", "REBUILD", "\"tracking was put right.\"", difference(1, 0, 0, ""))
                        + "}");
        assertThat(typed.run("rebuild", "tracking", "--threads", "2", "--type", "Order", "--reason", "why"))
                .isZero();
        assertThat(stock.requests().get(0).body())
                .isEqualTo(
                        "{\"readModel\":\"tracking\",\"purpose\":\"REBUILD\",\"type\":\"Order\",\"threads\":2,\"reason\":\"why\"}");
        assertThat(typed.out()).isEqualTo(String.format("tracking was put right.%n"));
        assertThat(typed.err()).contains("43 %, position 430 of 1000, 215/s, 2 s left");
    }

    @Test
    void atATerminalThereIsABar() {
        typed.atTerminal();
        stock.answer("POST /actuator/rebuild", 200, RUNNING);
        stock.answer("GET /actuator/rebuild/7", 200, RUNNING);
        stock.answer(
                "GET /actuator/rebuild/7",
                200,
                "{\"rebuild\":" + rebuild("FAILED", "REBUILD", "\"It failed.\"", "null") + "}");
        assertThat(typed.run("rebuild", "tracking", "--reason", "why")).isEqualTo(ExitCode.REFUSED);
        assertThat(typed.err())
                .contains("\r[############..................] 43 %")
                .contains("\r[##############################]");
        assertThat(typed.out()).isEqualTo(String.format("It failed.%n"));
    }

    @Test
    void aComparisonTellsTheRowsThatDifferAndSaysSoToAScript() {
        String examples =
                "{\"kind\":\"DIFFERENT\",\"key\":{\"order_id\":\"o-1\"},\"columns\":[{\"name\":\"status\",\"live\":\"CONFIRMED\",\"rebuilt\":\"PENDING\"}]},"
                        + "{\"kind\":\"MISSING\",\"key\":{\"order_id\":\"o-2\"},\"columns\":[{\"name\":\"status\",\"live\":null,\"rebuilt\":\"PENDING\"}]},"
                        + "{\"kind\":\"EXTRA\",\"key\":{\"order_id\":\"o-3\"},\"columns\":[{\"name\":\"status\",\"live\":\"PENDING\",\"rebuilt\":null}]}";
        stock.answer("POST /actuator/rebuild", 200, RUNNING);
        stock.answer(
                "GET /actuator/rebuild/7",
                200,
                "{\"rebuild\":" + rebuild("DONE", "COMPARE", "\"tracking differs.\"", difference(1, 1, 5, examples))
                        + "}");
        assertThat(typed.run("compare", "tracking", "--key", "o-1")).isEqualTo(ExitCode.REFUSED);
        assertThat(typed.out().lines())
                .containsExactly(
                        "order_status order_id=o-1: status is \"CONFIRMED\", should be \"PENDING\"",
                        "order_status order_id=o-2: is missing; should be status=\"PENDING\"",
                        "order_status order_id=o-3: should not be there; is status=\"PENDING\"",
                        "... and 4 more rows of order_status",
                        "tracking differs.");
        assertThat(typed.run("compare", "tracking", "--format", "json")).isEqualTo(ExitCode.REFUSED);
        assertThat(typed.out()).contains("\"different\" : 5");
    }

    @Test
    void aComparisonWithoutDifferencesEndsWell() {
        stock.answer("POST /actuator/rebuild", 200, RUNNING);
        stock.answer(
                "GET /actuator/rebuild/7",
                200,
                "{\"rebuild\":" + rebuild("DONE", "COMPARE", "\"tracking is right.\"", difference(0, 0, 0, "")) + "}");
        assertThat(typed.run("compare", "tracking")).isZero();
        assertThat(typed.out()).isEqualTo(String.format("tracking is right.%n"));
    }

    @Test
    void theLatestAreListedAndDecidedAbout() {
        stock.answer(
                "GET /actuator/rebuild",
                200,
                "{\"readModels\":[\"tracking\"],\"rebuilds\":[" + rebuild("RUNNING", "REBUILD", "null", "null") + "]}");
        assertThat(typed.run("rebuild", "status")).isZero();
        assertThat(typed.out().lines())
                .containsExactly(
                        "CONTEXT  NUMBER  WHAT     READ MODEL  STATE    PROGRESS                                     BY   AT                    LIMITED TO",
                        "stock    7       rebuild  tracking    RUNNING  43 %, position 430 of 1000, 215/s, 2 s left  ada  2026-11-22T10:00:00Z",
                        "Can be rebuilt in stock: tracking");
        stock.answer(
                "POST /actuator/rebuild/7/pause",
                200,
                "{\"rebuild\":" + rebuild("PAUSED", "REBUILD", "null", "null") + "}");
        assertThat(typed.run("rebuild", "pause", "7", "--reason", "busy")).isZero();
        assertThat(stock.last().body()).isEqualTo("{\"reason\":\"busy\"}");
        assertThat(typed.out()).contains("PAUSED");
    }

    @Test
    void whatTheServiceRefusesEndsTheCommandWithItsSentence() {
        stock.answer("POST /actuator/rebuild", 409, "{\"detail\":\"There is no read model x among [tracking].\"}");
        assertThat(typed.run("rebuild", "x", "--reason", "why")).isEqualTo(ExitCode.REFUSED);
        assertThat(typed.err()).contains("stock: There is no read model x among [tracking].");
        assertThat(typed.run("rebuild", "x")).isEqualTo(ExitCode.USAGE);
    }
}
