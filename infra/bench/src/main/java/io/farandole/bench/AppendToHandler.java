package io.farandole.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * How long from the call that appends an event until a handler in the same JVM is called with it, through Axon's pooled
 * streaming processor with its defaults: over the journal, and over Axon's own embedded store and JDBC engine. One event at
 * a time, at random moments, so that a poll's phase is sampled evenly.
 */
final class AppendToHandler {

    private static final long SEED = 20261120;
    private static final int MAX_PAUSE_MILLIS = 300;
    private static final int WARM_UP = 30;
    private static final String TEXT = "x".repeat(300);

    private final Options options;
    private final Random random = new Random(SEED);

    AppendToHandler(Options options) {
        this.options = options;
    }

    void run() throws InterruptedException, IOException {
        try (Stack axon = Stack.axon();
                Stack journal = Stack.journal()) {
            List<Stack> contenders = List.of(axon, journal);
            Map<Stack, List<Latencies>> rounds = new LinkedHashMap<>();
            Map<Stack, Long> next = new LinkedHashMap<>();
            for (Stack contender : contenders) {
                rounds.put(contender, new ArrayList<>());
                next.put(contender, 0L);
                round(contender, next, WARM_UP, 20);
            }
            for (int round = 1; round <= options.rounds(); round++) {
                for (Stack contender : contenders) {
                    Latencies latencies = round(contender, next, options.samples(), MAX_PAUSE_MILLIS);
                    rounds.getOrDefault(contender, List.of()).add(latencies);
                    System.out.printf(
                            Locale.ROOT,
                            "round %d  %-10s median %8.2f ms%n",
                            round,
                            contender.name(),
                            latencies.millisAt(0.5));
                }
            }
            for (Stack contender : contenders) {
                check(contender, next.getOrDefault(contender, 0L));
            }
            report(median(rounds.getOrDefault(axon, List.of())), median(rounds.getOrDefault(journal, List.of())));
        }
    }

    private Latencies round(Stack contender, Map<Stack, Long> next, int samples, int maxPauseMillis)
            throws InterruptedException {
        long[] nanos = new long[samples];
        long id = next.getOrDefault(contender, 0L);
        for (int i = 0; i < samples; i++) {
            LockSupport.parkNanos(random.nextInt(maxPauseMillis) * 1_000_000L);
            long start = System.nanoTime();
            contender.append(new BenchEvent(id, TEXT));
            nanos[i] = contender.receiver().await(id) - start;
            id++;
        }
        next.put(contender, id);
        return new Latencies(nanos);
    }

    /** The round whose median is the median of the rounds' medians. */
    private static Latencies median(List<Latencies> rounds) {
        List<Latencies> sorted = new ArrayList<>(rounds);
        sorted.sort(Comparator.comparingDouble(round -> round.millisAt(0.5)));
        return sorted.get(sorted.size() / 2);
    }

    /** Every event stored once and handled once, in order. */
    private static void check(Stack contender, long appended) {
        List<Long> handled = contender.handled();
        List<Long> expected = new ArrayList<>();
        for (long id = 0; id < appended; id++) {
            expected.add(id);
        }
        if (contender.stored() != appended
                || !new HashSet<>(handled).equals(new HashSet<>(expected))
                || handled.size() != expected.size()) {
            throw new IllegalStateException(contender.name() + ": " + appended + " events were appended, "
                    + contender.stored() + " are stored, " + handled.size() + " were handled: the run is void");
        }
    }

    private void report(Latencies axon, Latencies journal) throws IOException {
        double ratio = axon.millisAt(0.5) / journal.millisAt(0.5);
        System.out.printf(
                Locale.ROOT,
                "%nappend -> handler, same JVM, one event at a time, median of %d rounds of %d%n%n",
                options.rounds(),
                options.samples());
        System.out.printf("%-12s %10s %10s %10s%n", "", "p50 ms", "p90 ms", "max ms");
        row("axon-jdbc", axon);
        row("journal", journal);
        System.out.printf(
                Locale.ROOT, "%nratio of the medians: %.0f. Every event was stored once and handled once.%n", ratio);

        Map<String, Object> result = new LinkedHashMap<>();
        result.put("benchmark", options.name());
        result.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        result.put("processors", Runtime.getRuntime().availableProcessors());
        result.put("java", Runtime.version().toString());
        result.put("rounds", options.rounds());
        result.put("samples", options.samples());
        result.put("axon-jdbc", figures(axon));
        result.put("journal", figures(journal));
        result.put("ratio", Math.round(ratio * 10) / 10.0);
        Files.createDirectories(options.results());
        Path file = options.results().resolve(options.name() + ".json");
        Files.writeString(
                file,
                JsonMapper.builder()
                                .enable(SerializationFeature.INDENT_OUTPUT)
                                .build()
                                .writeValueAsString(result)
                        + System.lineSeparator());
        System.out.println("written to " + file);
    }

    private static void row(String name, Latencies latencies) {
        System.out.printf(
                Locale.ROOT,
                "%-12s %10.2f %10.2f %10.2f%n",
                name,
                latencies.millisAt(0.5),
                latencies.millisAt(0.9),
                latencies.millisAt(1));
    }

    private static Map<String, Object> figures(Latencies latencies) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("p50_ms", Math.round(latencies.millisAt(0.5) * 100) / 100.0);
        figures.put("p90_ms", Math.round(latencies.millisAt(0.9) * 100) / 100.0);
        figures.put("max_ms", Math.round(latencies.millisAt(1) * 100) / 100.0);
        return figures;
    }
}
