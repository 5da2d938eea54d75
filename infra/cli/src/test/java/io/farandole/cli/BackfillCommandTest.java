package io.farandole.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackfillCommandTest {

    private static final String ONE =
            "{\"id\":7,\"follower\":\"reporting\",\"after\":100,\"upTo\":300,\"position\":200,\"events\":41,\"state\":\"RUNNING\","
                    + "\"perSecond\":20,\"secondsLeft\":5,\"requestedBy\":\"ada\",\"reason\":\"joins\"}";

    private final RecordingService stock = new RecordingService();
    private final Typed typed = new Typed(stock);

    @AfterEach
    void closes() {
        stock.close();
    }

    @Test
    void beginsWithWhatIsAskedFor() {
        stock.answer("POST /actuator/backfill", 200, "{\"backfill\":" + ONE + "}");
        assertThat(typed.run("backfill", "--to", "reporting", "--rate", "20", "--reason", "joins"))
                .as(typed.err())
                .isZero();
        assertThat(stock.last().body()).isEqualTo("{\"follower\":\"reporting\",\"rate\":\"20\",\"reason\":\"joins\"}");
        assertThat(typed.out())
                .contains("Number 7, to reporting: RUNNING, 50 %, 41 events, 20 a second, 5 s left; by ada: joins");
    }

    @Test
    void tellsHowFarTheyHaveCome() {
        stock.answer("GET /actuator/backfill", 200, "{\"backfills\":[" + ONE + "]}");
        assertThat(typed.run("backfill", "status")).isZero();
        assertThat(typed.out()).contains("stock:", "  Number 7, to reporting: RUNNING");
        stock.answer("POST /actuator/backfill/7/cancel", 200, "{\"backfill\":" + ONE + "}");
        assertThat(typed.run("backfill", "cancel", "7", "--reason", "enough")).isZero();
        assertThat(stock.last().body()).isEqualTo("{\"reason\":\"enough\"}");
    }

    @Test
    void tellsWhatHoldsOneUp() {
        stock.answer(
                "GET /actuator/backfill/7",
                200,
                "{\"backfill\":"
                        + ONE.replace(
                                "}", ",\"trouble\":\"No queue is bound\",\"troubleSince\":\"2026-11-23T06:00:00Z\"}")
                        + "}");
        assertThat(typed.run("backfill", "status", "7")).isZero();
        assertThat(typed.out()).contains("by ada: joins; held up since 2026-11-23T06:00:00Z: No queue is bound");
    }

    @Test
    void whomAndWhyMustBeSaid() {
        assertThat(typed.run("backfill", "--to", "reporting")).isEqualTo(ExitCode.USAGE);
        assertThat(typed.run("backfill", "--reason", "x")).isEqualTo(ExitCode.USAGE);
        assertThat(typed.err()).contains("Say to whom, --to, and why, --reason");
    }

    @Test
    void aRefusalIsTold() {
        stock.answer(
                "POST /actuator/backfill",
                409,
                "{\"detail\":\"nobody is not declared to follow anything of stock: add it to the published language.\"}");
        assertThat(typed.run("backfill", "--to", "nobody", "--reason", "x")).isEqualTo(ExitCode.REFUSED);
        assertThat(typed.err()).contains("nobody is not declared to follow anything of stock");
    }
}
