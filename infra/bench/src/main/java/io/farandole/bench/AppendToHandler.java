package io.farandole.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * How long from the call that appends an event until a handler in the same JVM is called with it, through Axon's pooled
 * streaming processor with its defaults: over the journal, and over Axon's own embedded store and JDBC engine. One event at
 * a time, at random moments, so that a poll's phase is sampled evenly.
 */
final class AppendToHandler implements Benchmark {

    private static final long SEED = 20261120;
    private static final int MAX_PAUSE_MILLIS = 300;
    private static final String TEXT = "x".repeat(300);

    private final Random random = new Random(SEED);

    @Override
    public String name() {
        return "append-to-handler";
    }

    @Override
    public String about() {
        return "from the call that appends an event until a handler in the same JVM has it: the journal and Axon's JDBC engine";
    }

    @Override
    public Outcome run(Settings settings) throws InterruptedException {
        Outcome.Builder outcome = Outcome.of(name());
        int warmUp = settings.choose(8, 30);
        int samples = settings.choose(12, 40);
        try (Stack axon = Stack.axon();
                Stack journal = Stack.journal()) {
            List<Stack> contenders = List.of(axon, journal);
            Map<Stack, List<Latencies>> rounds = new LinkedHashMap<>();
            Map<Stack, Long> next = new LinkedHashMap<>();
            for (Stack contender : contenders) {
                rounds.put(contender, new ArrayList<>());
                next.put(contender, 0L);
                round(contender, next, warmUp, 20);
            }
            for (int round = 1; round <= settings.rounds(); round++) {
                for (Stack contender : contenders) {
                    Latencies latencies = round(contender, next, samples, MAX_PAUSE_MILLIS);
                    rounds.getOrDefault(contender, List.of()).add(latencies);
                    settings.say("round %d  %-10s median %8.2f ms", round, contender.name(), latencies.millisAt(0.5));
                }
            }
            for (Stack contender : contenders) {
                check(contender, next.getOrDefault(contender, 0L));
            }
            if (settings.quick()) {
                outcome.remark(Settings.FIRST_COMPILER);
            }
            return outcome(
                    outcome,
                    median(rounds.getOrDefault(axon, List.of())),
                    median(rounds.getOrDefault(journal, List.of())));
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

    private Outcome outcome(Outcome.Builder outcome, Latencies axon, Latencies journal) {
        outcome.figure(Figure.of("append to handler, p50", "ms", journal.millisAt(0.5))
                .against("axon-jdbc", axon.millisAt(0.5)));
        outcome.figure(Figure.of("append to handler, p90", "ms", journal.millisAt(0.9))
                .against("axon-jdbc", axon.millisAt(0.9)));
        outcome.figure(Figure.of("append to handler, longest", "ms", journal.millisAt(1))
                .against("axon-jdbc", axon.millisAt(1)));
        outcome.held("every event was stored once and handled once");
        outcome.remark(
                "one event at a time, at random moments, in the same JVM; Axon's pooled processor with its defaults");
        return outcome.build();
    }
}
