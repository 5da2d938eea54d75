package io.farandole.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WhatIfCommandTest {

    private final RecordingService stock = new RecordingService();
    private final Typed typed = new Typed(stock);

    @AfterEach
    void closes() {
        stock.close();
    }

    @Test
    void tellsEachDifferenceAndEndsWithOne() {
        stock.answer(
                "GET /actuator/whatif",
                200,
                "{\"saga\":\"S\",\"before\":\"journal\",\"now\":\"x.S\",\"processes\":7,\"events\":20,\"actions\":{\"COMMAND\":3},"
                        + "\"differing\":1,\"differences\":[{\"processKey\":\"o-1\",\"events\":[{\"position\":4,\"eventId\":\"e\","
                        + "\"type\":\"a.b.v1\",\"at\":\"2026-11-22T10:00:00Z\",\"before\":[\"caused c.d.v1 at 5\"],\"now\":[\"throw x\"]}],"
                        + "\"others\":[\"The saga ends, and did not.\"]}],\"notes\":[\"n\"],\"goneTo\":\"2026-11-22T11:00:00Z\"}");
        assertThat(typed.run("what-if", "S", "--from", "2026-11-22T09:00:00Z", "--key", "o-1"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(stock.last().query()).isEqualTo("saga=S&from=2026-11-22T09%3A00%3A00Z&key=o-1");
        assertThat(typed.out().lines())
                .containsExactly(
                        "process o-1",
                        "  a.b.v1 at 2026-11-22T10:00:00Z, position 4",
                        "    - caused c.d.v1 at 5",
                        "    + throw x",
                        "  The saga ends, and did not.",
                        "note: n",
                        "S: 1 of 7 processes differ from the journal (20 events; noted, not done: 3 COMMAND)",
                        "Not all was replayed. Go on with --from 2026-11-22T11:00:00Z");
    }

    @Test
    void endsWithNullIfNothingDiffers() {
        stock.answer("GET /actuator/whatif", 200, "{\"saga\":\"S\",\"before\":\"journal\",\"differing\":0}");
        assertThat(typed.run("what-if", "S")).isZero();
        assertThat(typed.run("what-if", "S", "--format", "json")).isZero();
        assertThat(typed.out()).contains("\"differing\" : 0");
    }

    @Test
    void aRecordingIsWrittenWholeOrNotAtAll(@TempDir Path directory) throws IOException {
        stock.answer("GET /actuator/recordedprocess", 200, "{\"lines\":[\"{\\\"a\\\":1}\",\"{\\\"b\\\":\\\"ß\\\"}\"]}");
        Path file = directory.resolve("one.jsonl");
        assertThat(typed.run("record", "o 1", file.toString())).isZero();
        assertThat(stock.last().query()).isEqualTo("key=o+1");
        assertThat(Files.readAllLines(file)).containsExactly("{\"a\":1}", "{\"b\":\"ß\"}");

        assertThat(typed.run("record", "o 1", file.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(typed.err()).contains("--force");
        assertThat(typed.run("record", "o 1", file.toString(), "--force")).isZero();

        Path nowhere = directory.resolve("missing").resolve("one.jsonl");
        assertThat(typed.run("record", "o 1", nowhere.toString())).isEqualTo(ExitCode.REFUSED);
        assertThat(typed.err()).contains("cannot be written");
        try (var files = Files.list(directory)) {
            assertThat(List.copyOf(files.toList())).containsExactly(file);
        }
    }

    @Test
    void aFileIsLeftAsItIsIfTheServiceRefuses(@TempDir Path directory) {
        stock.answer("GET /actuator/recordedprocess", 404, "{\"detail\":\"The journal has no event of process x.\"}");
        Path file = directory.resolve("one.jsonl");
        assertThat(typed.run("record", "x", file.toString())).isEqualTo(ExitCode.REFUSED);
        assertThat(file).doesNotExist();
    }
}
