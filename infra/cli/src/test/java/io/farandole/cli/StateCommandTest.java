package io.farandole.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StateCommandTest {

    private static final String VERSION =
            "{\"sequence\":1,\"position\":7,\"eventId\":\"e-2\",\"type\":\"order.confirmed.v1\","
                    + "\"occurredAt\":\"2026-11-22T10:00:00Z\",\"causationId\":\"e-9\",\"raw\":null}";

    private final RecordingService stock = new RecordingService();
    private final Typed typed = new Typed(stock);

    @AfterEach
    void closes() {
        stock.close();
    }

    @Test
    void showsAStateFieldByField() {
        stock.answer(
                "GET /actuator/aggregatestate",
                200,
                "{\"aggregate\":{\"aggregateId\":\"o-1\",\"aggregateType\":\"Order\",\"version\":" + VERSION
                        + ",\"lastSequence\":3,\"state\":{\"orderId\":\"o-1\",\"facts\":{\"phase\":\"CONFIRMED\",\"lines\":[{\"quantity\":2}],"
                        + "\"reason\":null}},\"deleted\":false,\"notes\":[\"Event 0 is left out.\"]}}");
        assertThat(typed.run("state", "o-1", "--sequence", "1")).isZero();
        assertThat(stock.last().query()).isEqualTo("id=o-1&sequence=1");
        assertThat(typed.out().lines())
                .containsExactly(
                        "Order o-1 after event 1 of 3: order.confirmed.v1, 2026-11-22T10:00:00Z, position 7",
                        "caused by e-9",
                        "",
                        "FIELD                    VALUE",
                        "orderId                  o-1",
                        "facts.phase              CONFIRMED",
                        "facts.lines[0].quantity  2",
                        "facts.reason             null",
                        "note: Event 0 is left out.");
        assertThat(typed.run("state", "o-1", "--at", "2026-11-22T10:00:00Z", "--format=json"))
                .isZero();
        assertThat(stock.last().query()).isEqualTo("id=o-1&at=2026-11-22T10%3A00%3A00Z");
        assertThat(typed.out()).contains("\"phase\" : \"CONFIRMED\"");
    }

    @Test
    void listsVersionsAndSaysWhereTheyGoOn() {
        stock.answer(
                "GET /actuator/aggregateversions",
                200,
                "{\"aggregateId\":\"o-1\",\"aggregateType\":\"Order\",\"versions\":[" + VERSION + "],\"next\":2}");
        assertThat(typed.run("state", "o-1", "--versions", "--limit", "1")).isZero();
        assertThat(stock.last().query()).isEqualTo("id=o-1&from=0&limit=1");
        assertThat(typed.out()).contains("order.confirmed.v1").endsWith("There are more: --versions 2\n");
    }

    @Test
    void showsWhatHasChangedAndByWhichEvent() {
        stock.answer(
                "GET /actuator/aggregatediff",
                200,
                "{\"difference\":{\"aggregateId\":\"o-1\",\"aggregateType\":\"Order\",\"from\":" + VERSION + ",\"to\":"
                        + VERSION
                        + ",\"changes\":[{\"field\":\"facts.phase\",\"before\":\"PENDING\",\"after\":\"CONFIRMED\",\"by\":[1,2]}],"
                        + "\"events\":[{\"version\":" + VERSION
                        + ",\"changes\":[{\"field\":\"facts.phase\"}]}],\"notes\":[]}}");
        assertThat(typed.run("diff", "o-1", "--from", "0", "--to", "2")).isZero();
        assertThat(stock.last().query()).isEqualTo("id=o-1&from=0&to=2");
        assertThat(typed.out().lines())
                .contains("FIELD        BEFORE   AFTER      BY EVENT", "facts.phase  PENDING  CONFIRMED  1, 2");
    }

    @Test
    void whatIsNotThereEndsWithTheServicesSentence() {
        stock.answer("GET /actuator/aggregatestate", 404, "{\"detail\":\"There is no aggregate x in this context.\"}");
        assertThat(typed.run("state", "x")).isEqualTo(ExitCode.REFUSED);
        assertThat(typed.err()).contains("There is no aggregate x in this context.");
        assertThat(typed.run("state", "x", "--at", "t", "--sequence", "1")).isEqualTo(ExitCode.USAGE);
    }
}
