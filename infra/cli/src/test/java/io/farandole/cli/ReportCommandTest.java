package io.farandole.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReportCommandTest {

    private final RecordingService stock = new RecordingService();
    private final Typed typed = new Typed(stock);

    @AfterEach
    void closes() {
        stock.close();
    }

    @Test
    void printsATableOfEachContext() {
        stock.answer(
                "GET /actuator/report",
                200,
                "{\"period\":{\"from\":\"2026-03-01T10:00:00Z\",\"to\":\"2026-03-02T10:00:00Z\"},"
                        + "\"groups\":[{\"value\":\"time limit\",\"processes\":5,\"examples\":[\"o-4\",\"o-3\"]}]}");
        assertThat(typed.run("report", "ends", "order.cancelled", "reason", "--from", "2026-03-01T10:00:00Z"))
                .isZero();
        assertThat(stock.last().query())
                .isEqualTo("kind=ends&from=2026-03-01T10%3A00%3A00Z&type=order.cancelled&field=reason");
        assertThat(typed.out().lines().map(String::stripTrailing))
                .contains("VALUE       PROCESSES  EXAMPLES", "time limit  5          o-4, o-3");
    }

    @Test
    void asksForWhatIsTyped() {
        stock.answer("GET /actuator/report", 200, "{\"processes\":[]}");
        assertThat(typed.run("report", "slow", "--longer-than", "5s", "--limit", "3"))
                .isZero();
        assertThat(stock.last().query()).isEqualTo("kind=slow&limit=3&longerThan=5s");
        assertThat(typed.run("report", "time", "--to", "x", "--format", "json")).isZero();
        assertThat(stock.last().query()).isEqualTo("kind=time&to=x");
        assertThat(typed.run("report")).isEqualTo(ExitCode.USAGE);
    }
}
