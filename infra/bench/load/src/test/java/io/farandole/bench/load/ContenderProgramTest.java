package io.farandole.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContenderProgramTest {

    private static final ContenderSettings SETTINGS = new ContenderSettings(
            "jdbc:order",
            "jdbc:stock",
            "jdbc:payment",
            "user",
            "secret",
            "host",
            5672,
            "vhost",
            "guest",
            "hidden",
            new Workload(10));

    private final InstantTarget target = new InstantTarget();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void answersEachRequestWithALine() {
        assertThat(serve(SETTINGS.toVariables(), "saturate 0 100 8\nopen 100 1000 0.1\nbooks\nend\n"))
                .isZero();

        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).hasSize(4).startsWith("READY");
        assertThat(result(lines.get(1)).confirmed()).isEqualTo(95);
        assertThat(result(lines.get(2)).orders()).isEqualTo(100);
        Books books = ContenderProgram.fromJson(lines.get(3).substring("BOOKS ".length()), Books.class);
        assertThat(books.faults(new Workload(10), 200)).isEmpty();
        assertThat(target.closed).isTrue();
    }

    @Test
    void endOfTheInputEndsItToo() {
        assertThat(serve(SETTINGS.toVariables(), "")).isZero();
        assertThat(target.closed).isTrue();
    }

    @Test
    void unknownRequestFailsAndTheNextIsAnswered() {
        assertThat(serve(SETTINGS.toVariables(), "dance 1\nbooks\nend\n")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).lines().toList())
                .element(1)
                .asString()
                .startsWith("FAILED ")
                .contains("dance 1");
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("BOOKS {");
    }

    @Test
    void contenderThatDoesNotComeUpFails() {
        Map<String, String> variables = new HashMap<>(SETTINGS.toVariables());
        variables.remove("CONTENDER_ITEMS");
        assertThat(serve(variables, "end\n")).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("FAILED ").contains("CONTENDER_ITEMS");
    }

    @Test
    void settingsComeBackFromTheirVariables() {
        assertThat(ContenderSettings.from(SETTINGS.toVariables())).isEqualTo(SETTINGS);
        assertThat(SETTINGS.toString()).doesNotContain("secret").doesNotContain("hidden");
    }

    @Test
    void resultComesBackFromItsJson() {
        LoadResult result = new LoadResult(3, 4, 2, 1, 0, new LoadResult.Latency(1, 2, 3, 4, 5));
        assertThat(ContenderProgram.fromJson(ContenderProgram.toJson(result), LoadResult.class))
                .isEqualTo(result);
    }

    private static LoadResult result(String line) {
        return ContenderProgram.fromJson(line.substring("RESULT ".length()), LoadResult.class);
    }

    private int serve(Map<String, String> variables, String requests) {
        return ContenderProgram.serve(
                variables,
                new BufferedReader(new StringReader(requests)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                settings -> target);
    }
}
