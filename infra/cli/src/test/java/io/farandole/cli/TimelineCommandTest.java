package io.farandole.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimelineCommandTest {

    private final RecordingService stock = new RecordingService();
    private final Typed typed = new Typed(stock);

    @AfterEach
    void closes() {
        stock.close();
    }

    @Test
    void printsWhatTheServiceDraws() {
        stock.answer("GET /actuator/timeline", 200, "Process o 1: 1 event\n└─ é\n");
        assertThat(typed.run("timeline", "o 1")).isZero();
        assertThat(stock.last().query()).isEqualTo("key=o+1&format=text");
        assertThat(stock.last().authorization()).startsWith("Basic ");
        assertThat(typed.out()).isEqualTo("Process o 1: 1 event\n└─ é\n");
        assertThat(typed.run("timeline", "--format", "svg", "o 1")).isZero();
        assertThat(stock.last().query()).isEqualTo("key=o+1&format=svg");
    }

    @Test
    void asksTheNextServiceIfOneIsAway() {
        typed.environment.put("FARANDOLE_ORDER_URL", "http://127.0.0.1:1");
        stock.answer("GET /actuator/timeline", 200, "Process o-1: 1 event\n");
        assertThat(typed.run("timeline", "o-1")).isZero();
        assertThat(typed.out()).isEqualTo("Process o-1: 1 event\n");
        assertThat(typed.err()).contains("order cannot be reached at http://127.0.0.1:1");
    }

    @Test
    void aProcessThatNobodyKnowsEndsItWithTheServicesSentence() {
        stock.answer(
                "GET /actuator/timeline",
                404,
                "{\"detail\":\"No context that was asked knows process o-9: check the key.\",\"outcome\":\"UNKNOWN_PROCESS\"}");
        assertThat(typed.run("timeline", "o-9")).isEqualTo(ExitCode.REFUSED);
        assertThat(typed.out()).isEmpty();
        assertThat(typed.err()).contains("No context that was asked knows process o-9: check the key.");
    }
}
