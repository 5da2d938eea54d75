package io.farandole.bench;

import io.farandole.bench.load.LoadResult;
import io.farandole.bench.load.Workload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** B1: completed sagas per second with 512 in flight, ours beside the raw program and whichever peers are built. */
final class Throughput implements Benchmark {

    /** Orders in one load of the warm-up. */
    static final int WARM_UP = 5_000;

    /** Orders that a warm-up has at most. */
    static final int MOST_WARM_UP = 60_000;

    private static final int IN_FLIGHT = 512;

    @Override
    public String name() {
        return "throughput";
    }

    @Override
    public String about() {
        return "completed orders per second with 512 in flight: the raw program, ours as three services and in one JVM, the peers that are built";
    }

    @Override
    public Kept keeps(boolean quick) {
        return Kept.CONTENDERS;
    }

    @Override
    public Outcome run(Settings settings) throws Exception {
        Outcome.Builder outcome = Outcome.of(name());
        Workload workload = settings.workload();
        int warmUp = settings.choose(200, WARM_UP);
        int most = settings.choose(200, MOST_WARM_UP);
        int orders = settings.choose(400, 6_000);
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        Map<String, Map<String, Double>> cpu = new LinkedHashMap<>();
        try (Contenders contenders = Contenders.open(workload, settings)) {
            for (Contender contender : contenders.all()) {
                contenders.warm(contender, warmUp, most, IN_FLIGHT, settings);
            }
            for (int round = 1; round <= settings.rounds(); round++) {
                for (Contender contender : contenders.all()) {
                    Map<String, Double> before = Cpu.millis(contender.processes());
                    Optional<LoadResult> found = contenders.checkedOrLeftOut(
                            contender, orders, first -> contender.saturate(first, orders, IN_FLIGHT));
                    if (found.isEmpty()) {
                        continue;
                    }
                    LoadResult result = found.get();
                    contenders.noteSaturated(contender, result.perSecond());
                    Map<String, Double> after = Cpu.millis(contender.processes());
                    rates.computeIfAbsent(contender.name(), key -> new ArrayList<>())
                            .add(result.perSecond());
                    after.forEach((process, millis) -> cpu.computeIfAbsent(contender.name(), key -> new TreeMap<>())
                            .put(process, (millis - before.getOrDefault(process, 0.0)) / orders));
                    settings.say("round %d  %-18s %8.0f orders/s", round, contender.name(), result.perSecond());
                }
            }
            contenders.checkAll();
            rates.keySet().removeAll(contenders.leftOut());
            cpu.keySet().removeAll(contenders.leftOut());
            contenders.remarkOn(outcome);
        }
        double ours = median(rates.getOrDefault("three services", List.of()));
        rates.forEach((contender, perSecond) -> {
            if (!contender.equals("three services")) {
                Figure figure = Figure.of("three services / " + contender, "orders/s", ours)
                        .against(contender, median(perSecond));
                if (contender.equals("raw")) {
                    outcome.figure(figure.ratioAtLeast(0.2));
                } else if (contender.equals(OneJvm.NAME)) {
                    outcome.figure(Figure.of("one JVM / raw", "orders/s", median(perSecond))
                            .against("raw", median(rates.getOrDefault("raw", List.of())))
                            .ratioAtLeast(0.3));
                } else {
                    outcome.figure(figure.ratioAtLeast(1));
                }
            }
        });
        cpu.forEach((contender, processes) -> processes.forEach((process, millis) ->
                outcome.figure(Figure.of("CPU of " + contender + ", " + process, "ms per order, last round", millis))));
        outcome.held(
                "each contender's books after each round, and the checker's invariants of ours at the end, over all orders");
        outcome.remark(settings.rounds() + " rounds of " + orders + " orders");
        if (settings.quick()) {
            outcome.remark(
                    "quick: only the first compiler works, with every contender, and ours in one JVM is left out");
        }
        outcome.remark(
                "three services pay for HTTP and for the load in this JVM, when quick also for the payment provider's process; one JVM"
                        + " and the raw program for none of them");
        outcome.remark(
                "CPU is that of Java processes, up to the durable end and the check of the books; servers' not counted");
        return outcome.build();
    }

    static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
    }
}
