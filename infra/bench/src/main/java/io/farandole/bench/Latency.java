package io.farandole.bench;

import io.farandole.bench.load.LoadResult;
import io.farandole.bench.load.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** B2: from the intended placing to the durable end, at a rate that doesn't wait for anyone. */
final class Latency implements Benchmark {

    private static final int IN_FLIGHT = 512;
    private static final double NANOS_PER_MILLI = 1e6;

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public String about() {
        return "from the intended placing of an order to its durable end: open loop at 100/s, and at half of the own maximum";
    }

    @Override
    public Kept keeps(boolean quick) {
        return Kept.CONTENDERS;
    }

    @Override
    public Outcome run(Settings settings) throws Exception {
        Outcome.Builder outcome = Outcome.of(name());
        Workload workload = settings.workload();
        int warmUp = settings.choose(200, Throughput.WARM_UP);
        int mostWarmUp = settings.choose(200, Throughput.MOST_WARM_UP);
        int mostOrders = settings.choose(250, 5_000);
        int seconds = settings.choose(3, 30);
        Map<String, List<LoadResult>> steady = new LinkedHashMap<>();
        Map<String, List<LoadResult>> half = new LinkedHashMap<>();
        Map<String, Integer> halfRates = new LinkedHashMap<>();
        try (Contenders contenders = Contenders.open(workload, settings)) {
            for (Contender contender : contenders.all()) {
                if (!contenders.isWarm(contender)) {
                    contenders.warm(contender, warmUp, mostWarmUp, IN_FLIGHT, settings);
                }
                if (contenders.leftOut().contains(contender.name())) {
                    continue;
                }
                if (!settings.quick() || contenders.saturated(contender).isEmpty()) {
                    contenders
                            .checkedOrLeftOut(
                                    contender, mostOrders, first -> contender.saturate(first, mostOrders, IN_FLIGHT))
                            .ifPresent(most -> contenders.noteSaturated(contender, most.perSecond()));
                }
                contenders
                        .saturated(contender)
                        .ifPresent(most -> halfRates.put(contender.name(), (int) Math.max(1, most / 2)));
            }
            for (int round = 1; round <= settings.rounds(); round++) {
                for (Contender contender : contenders.all()) {
                    int halfRate = halfRates.getOrDefault(contender.name(), 1);
                    Optional<LoadResult> first = open(contenders, contender, 100, seconds);
                    Optional<LoadResult> second =
                            first.isEmpty() ? first : open(contenders, contender, halfRate, seconds);
                    if (second.isEmpty()) {
                        continue;
                    }
                    LoadResult atHundred = first.get();
                    LoadResult atHalf = second.get();
                    steady.computeIfAbsent(contender.name(), key -> new ArrayList<>())
                            .add(atHundred);
                    half.computeIfAbsent(contender.name(), key -> new ArrayList<>())
                            .add(atHalf);
                    settings.say(
                            "round %d  %-18s p50 %.1f ms, p99 %.1f ms at 100/s; p99 %.1f ms at %d/s",
                            round,
                            contender.name(),
                            atHundred.latency().p50() / NANOS_PER_MILLI,
                            atHundred.latency().p99() / NANOS_PER_MILLI,
                            atHalf.latency().p99() / NANOS_PER_MILLI,
                            halfRate);
                }
            }
            contenders.checkAll();
            steady.keySet().removeAll(contenders.leftOut());
            half.keySet().removeAll(contenders.leftOut());
            contenders.remarkOn(outcome);
        }
        figures(outcome, "at 100/s", steady, true);
        figures(outcome, "at half of the own maximum", half, false);
        halfRates.forEach(
                (contender, rate) -> outcome.remark("half of the maximum of " + contender + ": " + rate + "/s"));
        if (settings.quick()) {
            outcome.remark("quick: only the first compiler works, with every contender");
        }
        outcome.held(
                "each contender's books after each load, and the checker's invariants of ours at the end, over all orders");
        outcome.remark(
                "latency counts from the intended placing; an end of ours is seen up to 5 ms late, for the journal is polled");
        outcome.remark("each percentile is the median of " + settings.rounds() + " rounds of " + seconds + " s");
        return outcome.build();
    }

    private static Optional<LoadResult> open(Contenders contenders, Contender contender, int rate, int seconds)
            throws Exception {
        return contenders.checkedOrLeftOut(
                contender, rate * seconds, first -> contender.open(first, rate, Duration.ofSeconds(seconds)));
    }

    private static void figures(
            Outcome.Builder outcome, String when, Map<String, List<LoadResult>> results, boolean targets) {
        Map<String, List<LoadResult>> others = new LinkedHashMap<>(results);
        List<LoadResult> ours = others.remove("three services");
        if (ours == null) {
            throw new IllegalStateException("Ours took no part");
        }
        List<LoadResult> oneJvm = others.remove(OneJvm.NAME);
        List<LoadResult> raw = others.get("raw");
        others.forEach((name, theirs) -> {
            boolean limit = name.equals("raw");
            Figure p50 = figure("three services", "p50 " + when, ours, name, theirs, 50);
            Figure p99 = figure("three services", "p99 " + when, ours, name, theirs, 99);
            outcome.figure(targets ? p50.ratioAtMost(limit ? 2 : 1) : p50);
            outcome.figure(targets ? p99.ratioAtMost(limit ? 3 : 1) : p99);
            outcome.figure(figure("three services", "p99.9 " + when, ours, name, theirs, 99.9));
        });
        if (oneJvm != null && raw != null) {
            for (double percentile : new double[] {50, 99, 99.9}) {
                String what = "p" + (percentile == 99.9 ? "99.9" : Math.round(percentile)) + " " + when;
                outcome.figure(figure(OneJvm.NAME, what, oneJvm, "raw", raw, percentile));
            }
        }
    }

    private static Figure figure(
            String who, String what, List<LoadResult> ours, String name, List<LoadResult> theirs, double percentile) {
        return Figure.of(who + " / " + name + ", " + what, "ms", median(ours, percentile))
                .against(name, median(theirs, percentile));
    }

    private static double median(List<LoadResult> rounds, double percentile) {
        return Throughput.median(rounds.stream()
                .map(round -> {
                    LoadResult.Latency latency = round.latency();
                    long nanos = percentile == 50 ? latency.p50() : percentile == 99 ? latency.p99() : latency.p999();
                    return nanos / NANOS_PER_MILLI;
                })
                .toList());
    }
}
