package io.farandole.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs benchmarks, prints and writes what they find. */
final class Runner {

    private final List<Benchmark> benchmarks;
    private final PrintStream out;
    private final String commit;

    Runner(List<Benchmark> benchmarks, PrintStream out, String commit) {
        this.benchmarks = benchmarks;
        this.out = out;
        this.commit = commit;
    }

    /** Runs what the options ask for; the exit status: 0, 1 if a benchmark failed, 2 if there is none of that name. */
    int run(Options options) throws IOException {
        try {
            return runChosen(options);
        } finally {
            endAll();
        }
    }

    private int runChosen(Options options) throws IOException {
        if (options.name().equals("all")) {
            return runAll(options);
        }
        List<Benchmark> chosen = new ArrayList<>();
        for (String name : options.name().split(",", -1)) {
            Benchmark named = byName(name);
            if (named == null) {
                out.println(name.isEmpty() ? "" : "There is no benchmark '" + name + "'.");
                out.println("There are:\n");
                benchmarks.forEach(benchmark -> out.printf("  %-18s %s%n", benchmark.name(), benchmark.about()));
                return 2;
            }
            chosen.add(named);
        }
        boolean good = true;
        for (Benchmark benchmark : chosen) {
            good &= runOne(benchmark, options.settings());
        }
        return good ? 0 : 1;
    }

    private @Nullable Benchmark byName(String name) {
        return benchmarks.stream()
                .filter(benchmark -> benchmark.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private int runAll(Options options) throws IOException {
        Progress progress = Progress.of(options.settings(), commit, options.again());
        List<String> failed = new ArrayList<>();
        for (Benchmark benchmark : all(options.settings())) {
            if (progress.isDone(benchmark.name())) {
                out.println(benchmark.name() + ": done before; --again starts over");
            } else if (runOne(benchmark, options.settings())) {
                progress.done(benchmark.name());
            } else {
                failed.add(benchmark.name());
            }
        }
        if (!failed.isEmpty()) {
            out.println("Failed: " + String.join(", ", failed) + ". The same command runs these again and no other.");
            return 1;
        }
        progress.complete();
        summarise(options.settings());
        return 0;
    }

    private List<Benchmark> all(Settings settings) {
        return benchmarks.stream()
                .filter(benchmark -> !(settings.quick() && benchmark.isLeftOutWhenAllAreQuick()))
                .toList();
    }

    private boolean runOne(Benchmark benchmark, Settings settings) {
        long start = System.nanoTime();
        out.println("== " + benchmark.name() + ": " + benchmark.about());
        try {
            benchmark.keeps(settings.quick()).only();
            Outcome outcome = benchmark.run(settings);
            out.println();
            out.println(Table.of(outcome));
            out.println("written: "
                    + new Report(settings.results())
                            .write(outcome).stream().map(Object::toString).collect(Collectors.joining(", ")));
            benchmark.verify(outcome);
            out.println("== " + benchmark.name() + " took " + since(start) + "\n");
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            out.println("== " + benchmark.name() + " was interrupted after " + since(start));
            endAll();
            return false;
        } catch (Exception | LinkageError e) {
            e.printStackTrace(out);
            out.println("== " + benchmark.name() + " failed after " + since(start) + ": " + e + "\n");
            endAfterFailure();
            return false;
        }
    }

    /** Whoever took part in a run that failed takes part in no other. */
    private void endAfterFailure() {
        try {
            endAll();
        } catch (RuntimeException e) {
            e.printStackTrace(out);
        }
    }

    private static void endAll() {
        try {
            Kept.NOTHING.only();
        } finally {
            OneBroker.end();
        }
    }

    private void summarise(Settings settings) throws IOException {
        out.println("== all");
        for (Benchmark benchmark : all(settings)) {
            Outcome outcome = new Report(settings.results()).read(benchmark.name());
            List<String> missed = outcome.figures().stream()
                    .filter(figure -> !figure.met())
                    .map(Figure::name)
                    .toList();
            out.printf(
                    "%-18s %s%n",
                    benchmark.name(), missed.isEmpty() ? "every target met" : "not met: " + String.join("; ", missed));
        }
    }

    private static String since(long start) {
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        return String.format("%d:%02d min", took.toMinutes(), took.toSecondsPart());
    }
}
