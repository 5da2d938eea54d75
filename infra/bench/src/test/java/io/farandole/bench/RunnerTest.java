package io.farandole.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunnerTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path results;

    private final List<String> ran = new ArrayList<>();
    private final Set<String> failing = new HashSet<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private record Named(String name, List<String> ran, Set<String> failing) implements Benchmark {

        @Override
        public String about() {
            return "does " + name;
        }

        @Override
        public boolean isLeftOutWhenAllAreQuick() {
            return name.equals("built");
        }

        @Override
        public Outcome run(Settings settings) {
            ran.add(name);
            if (failing.contains(name)) {
                throw new VoidRunException(name, List.of("a piece is missing"));
            }
            return Outcome.of(name)
                    .figure(Figure.of("steps", "1/s", 1).against("raw", 4))
                    .build();
        }
    }

    @Test
    void interruptedRunOfAllGoesOnWhereItWas() throws Exception {
        failing.add("two");
        assertThat(run("abc", "all")).isEqualTo(1);
        assertThat(ran).containsExactly("one", "two", "three", "built");
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("a piece is missing", "Failed: two");

        failing.clear();
        ran.clear();
        assertThat(run("abc", "all")).isZero();
        assertThat(ran).containsExactly("two");

        ran.clear();
        assertThat(run("abc", "all")).isZero();
        assertThat(ran).as("a complete run is not resumed").containsExactly("one", "two", "three", "built");
    }

    @Test
    void runOfAllStartsOverWhenAskedTo() throws Exception {
        failing.add("three");
        run("abc", "all");
        ran.clear();
        run("abc", "all", "--again");
        assertThat(ran).containsExactly("one", "two", "three", "built");
    }

    @Test
    void runOfAllStartsOverWithOtherSettingsOrOfAnotherCommit() throws Exception {
        failing.add("three");
        run("abc", "all");
        ran.clear();
        run("abc", "all", "--quick");
        assertThat(ran).containsExactly("one", "two", "three");
        ran.clear();
        run("def", "all", "--quick");
        assertThat(ran).containsExactly("one", "two", "three");
    }

    @Test
    void quickRunOfAllLeavesOutWhatEveryBuildRuns() throws Exception {
        assertThat(run("abc", "all", "--quick")).isZero();
        assertThat(ran).containsExactly("one", "two", "three");
        ran.clear();
        assertThat(run("abc", "built", "--quick")).isZero();
        assertThat(ran).containsExactly("built");
    }

    @Test
    void outcomeIsWrittenAsJsonAndComesBack() throws Exception {
        assertThat(run("abc", "two")).isZero();
        Outcome outcome = new Report(results).read("two");
        assertThat(outcome.figures())
                .containsExactly(Figure.of("steps", "1/s", 1).against("raw", 4));
        assertThat(results.resolve("two.svg")).isRegularFile();
    }

    @Test
    void unknownNameIsAnsweredWithTheList() throws Exception {
        assertThat(run("abc", "four")).isEqualTo(2);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("no benchmark 'four'", "does three");
        assertThat(ran).isEmpty();
    }

    @Test
    void optionsAreChecked() {
        assertThat(Options.parse(List.of("all", "--quick")).settings().rounds()).isEqualTo(1);
        assertThat(Options.parse(List.of("all")).settings().rounds()).isEqualTo(5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(List.of("all", "--rounds=4")))
                .withMessageContaining("--rounds");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(List.of("all", "--slow")))
                .withMessageContaining("--slow");
    }

    private int run(String commit, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.add("--results=" + results);
        List<Benchmark> benchmarks = List.of(
                new Named("one", ran, failing),
                new Named("two", ran, failing),
                new Named("three", ran, failing),
                new Named("built", ran, failing));
        return new Runner(benchmarks, new PrintStream(out, true, StandardCharsets.UTF_8), commit)
                .run(Options.parse(all));
    }
}
