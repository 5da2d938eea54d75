package io.farandole.bench;

import io.farandole.bench.ReplayProgram.HistoryAddress;
import io.farandole.testservers.PrivatePostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** B7: reading a whole journal, in each way that there is, beside a JDBC cursor and COPY; and one order's timeline among all others. */
final class ReplayBenchmark implements Benchmark {

    /** How many events, where the environment's {@code BENCH_EVENTS} says nothing else. */
    private static final String EVENTS = "1000000";

    private static final int EVENTS_WHEN_QUICK = 30_000;

    /** What the reading Java machine may have. */
    private static final String HEAP = "256m";

    @Override
    public String name() {
        return "replay";
    }

    @Override
    public String about() {
        return "a journal read without effects, into a read model and for verification, beside a cursor and COPY; one order's timeline";
    }

    @Override
    public Outcome run(Settings settings) throws Exception {
        Outcome.Builder outcome = Outcome.of(name());
        int events = settings.quick()
                ? EVENTS_WHEN_QUICK
                : Integer.parseInt(System.getenv().getOrDefault("BENCH_EVENTS", EVENTS));
        Medians medians = new Medians();
        List<Double> timelines = new ArrayList<>();
        try (PrivatePostgres postgres = PrivatePostgres.start();
                BenchJournal journal = BenchJournal.create(postgres.server(), "bench")) {
            LongHistory history = LongHistory.fill(journal, events / LongHistory.EVENTS_OF_AN_ORDER);
            settings.say("%,d events are in the journal", history.events());
            measure(history, settings, medians, timelines);
            events = history.events();
        }
        figures(outcome, medians, timelines, events);
        outcome.held("every reader met every event; the read model held what the journal says after each rebuild;"
                + " the journal was as it was sealed");
        outcome.remark(String.format(
                Locale.ROOT,
                "%,d events of %,d orders; everything is read in one Java machine with a heap of %s, the limit of the target",
                events,
                events / LongHistory.EVENTS_OF_AN_ORDER,
                HEAP));
        outcome.remark(
                "cursor: every column of every row, by plain JDBC, "
                        + "1,000 rows at a time; replay: each event upcast and its payload an object, as a handler is given it, by one thread");
        outcome.remark("COPY: the same rows into an empty table with the journal's columns and a primary key");
        outcome.remark(
                "rebuild: from the request until the rows are in the live table, which was empty; a handler that writes a"
                        + " batch with one statement; half of the events concern it");
        outcome.remark("verification: rows against their seals, without checkpoints");
        if (settings.quick()) {
            outcome.remark(Settings.FIRST_COMPILER);
        }
        return outcome.build();
    }

    private static void figures(Outcome.Builder outcome, Medians medians, List<Double> timelines, int events) {
        double cursor = medians.of("cursor");
        double replay = medians.of("replay");
        double copy = medians.of("copy");
        outcome.figure(Figure.of("replay without effects", "events/s", replay)
                .against("cursor", cursor)
                .ratioAtLeast(0.3));
        outcome.figure(Figure.of("rebuild of a read model, one thread", "events/s", medians.of("rebuild 1"))
                .against("COPY", copy));
        outcome.figure(Figure.of("rebuild of a read model, two threads", "events/s", medians.of("rebuild 2"))
                .against("COPY", copy)
                .ratioAtLeast(0.25));
        outcome.figure(Figure.of("verification", "events/s", medians.of("verification"))
                .against("replay", replay)
                .ratioAtLeast(0.5));
        outcome.figure(Figure.of("sealing", "events/s", medians.of("sealing")));
        List<Double> sorted = timelines.stream().sorted().toList();
        String among = String.format(Locale.ROOT, " among %,d events", events);
        outcome.figure(Figure.of("timeline of an order" + among + ", median", "ms", sorted.get(sorted.size() / 2)));
        outcome.figure(Figure.of("timeline of an order" + among + ", p99", "ms", sorted.get(sorted.size() * 99 / 100))
                .atMost(50));
    }

    private static void measure(LongHistory history, Settings settings, Medians medians, List<Double> timelines)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(SpokenTo.java(), "-Xmx" + HEAP));
        if (settings.quick()) {
            command.add("-XX:TieredStopAtLevel=1");
        }
        command.addAll(List.of(
                "-Dlogback.configurationFile=logback-bench.xml",
                "-cp",
                System.getProperty("java.class.path"),
                ReplayProgram.class.getName()));
        command.addAll(List.of(Integer.toString(settings.rounds()), Boolean.toString(!settings.quick())));
        Path log = Files.createDirectories(Path.of("target")).resolve("replay.log");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment()
                .put(ReplayProgram.HISTORY, HistoryAddress.of(history).toVariable());
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            List<String> others = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] parts = line.split("\t", -1);
                if (!parts[0].equals("FIGURE")) {
                    others.add(line);
                } else if (parts[1].equals("timeline")) {
                    timelines.add(Double.parseDouble(parts[2]));
                } else {
                    medians.note(parts[1], Double.parseDouble(parts[2]));
                    settings.say("%-14s %,12.0f events/s", parts[1], Double.parseDouble(parts[2]));
                }
            }
            if (process.waitFor() != 0) {
                throw new VoidRunException(
                        "replay",
                        List.of("It ended with " + process.exitValue() + ": see " + log, String.join("; ", others)));
            }
        } finally {
            process.destroyForcibly();
        }
    }
}
