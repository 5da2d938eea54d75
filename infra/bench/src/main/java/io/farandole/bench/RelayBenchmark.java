package io.farandole.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;

/** B3: from the commit of an event until the broker has confirmed it, idle and busy, beside plain JDBC and the plain client. */
final class RelayBenchmark implements Benchmark {

    private static final int PAYLOAD_BYTES = 600;
    private static final int BUSY_PER_SECOND = 500;
    private static final long SEED = 20261122;

    private final Random random = new Random(SEED);

    private record Round(Latencies idle, OpenLoop.Result busy) {}

    @Override
    public String name() {
        return "relay";
    }

    @Override
    public String about() {
        return "from the commit of an event until the broker has confirmed it, idle and at 500/s; round trips of an idle relay";
    }

    @Override
    public Outcome run(Settings settings) throws Exception {
        Outcome.Builder outcome = Outcome.of(name());
        int samples = settings.choose(16, 40);
        int longestPauseMillis = settings.choose(150, 5_000);
        int busy = BUSY_PER_SECOND * settings.choose(2, 20);
        int idleSeconds = settings.choose(5, 60);
        Map<String, List<Round>> rounds = new LinkedHashMap<>();
        double roundTrips;
        try (RelayRig rig = RelayRig.open(PAYLOAD_BYTES, settings)) {
            List<Publishing> contenders = List.of(rig.ours(), rig.plain());
            for (Publishing contender : contenders) {
                OpenLoop.run(contender, settings.choose(500, 10_000), BUSY_PER_SECOND, rig.lanes());
            }
            for (int round = 1; round <= settings.rounds(); round++) {
                Map<String, Latencies> idle = idle(contenders, samples, longestPauseMillis);
                for (Publishing contender : contenders) {
                    Round measured = new Round(
                            idle.getOrDefault(contender.name(), new Latencies(new long[1])),
                            OpenLoop.run(contender, busy, BUSY_PER_SECOND, rig.lanes()));
                    rounds.computeIfAbsent(contender.name(), key -> new ArrayList<>())
                            .add(measured);
                    settings.say(
                            "round %d  %-6s idle p50 %6.2f ms, longest %6.2f ms; busy p50 %6.2f ms, p99 %6.2f ms",
                            round,
                            contender.name(),
                            measured.idle().millisAt(0.5),
                            measured.idle().millisAt(1),
                            measured.busy().sinceCommit().millisAt(0.5),
                            measured.busy().sinceCommit().millisAt(0.99));
                }
            }
            roundTrips = rig.idleRoundTripsPerSecond(idleSeconds);
            VoidRunException.ifAny("the relay", rig.faults());
        }
        figures(outcome, rounds);
        outcome.figure(Figure.of("idle relay, round trips to the database", "1/s", roundTrips)
                .atMost(2));
        outcome.held(
                "every event was published once, confirmed once, and is in the queue once, in order per process key");
        outcome.remark(
                "payloads of " + PAYLOAD_BYTES + " bytes; journal, relay and load in one JVM; relay with its defaults");
        outcome.remark("idle: one event at a time after a random pause of up to " + longestPauseMillis + " ms, "
                + samples + " per round and contender, in turn; so the p99 of a round is its longest");
        outcome.remark("busy: " + BUSY_PER_SECOND + "/s open loop from 8 threads; percentiles are medians of "
                + settings.rounds() + " rounds");
        outcome.remark(
                "the relay's confirm is seen in its status, looked at every 0.05 ms, and counts once all before it are confirmed");
        outcome.remark(
                "plain: insert and commit, publish the same bytes, wait for the confirm; nothing is sent again after a"
                        + " crash, no order per process");
        outcome.remark("round trips were counted by a proxy for " + idleSeconds
                + " s; the pool's own questions whether a connection still lives are among them");
        if (settings.quick()) {
            outcome.remark(Settings.FIRST_COMPILER);
        }
        return outcome.build();
    }

    /** One event at a time, contenders in turn. */
    private Map<String, Latencies> idle(List<Publishing> contenders, int samples, int longestPauseMillis)
            throws Exception {
        Map<String, long[]> nanos = new LinkedHashMap<>();
        for (int i = 0; i < samples; i++) {
            for (Publishing contender : contenders) {
                LockSupport.parkNanos(random.nextInt(longestPauseMillis) * 1_000_000L);
                nanos.computeIfAbsent(contender.name(), key -> new long[samples])[i] =
                        contender.send().nanos();
            }
        }
        Map<String, Latencies> latencies = new LinkedHashMap<>();
        nanos.forEach((contender, values) -> latencies.put(contender, new Latencies(values)));
        return latencies;
    }

    private static void figures(Outcome.Builder outcome, Map<String, List<Round>> rounds) {
        outcome.figure(figure(
                "idle, commit to confirm, p50", rounds, round -> round.idle().millisAt(0.5)));
        outcome.figure(figure("idle, commit to confirm, p99", rounds, round -> round.idle()
                        .millisAt(0.99))
                .atMost(15));
        for (double quantile : List.of(0.5, 0.99)) {
            String percentile = quantile == 0.5 ? "p50" : "p99";
            outcome.figure(figure("500/s, commit to confirm, " + percentile, rounds, round -> round.busy()
                    .sinceCommit()
                    .millisAt(quantile)));
            outcome.figure(figure("500/s, intended append to confirm, " + percentile, rounds, round -> round.busy()
                    .sinceIntended()
                    .millisAt(quantile)));
        }
    }

    private static Figure figure(String name, Map<String, List<Round>> rounds, ToDoubleFunction<Round> millis) {
        return Figure.of(name, "ms", median(rounds, "relay", millis)).against("plain", median(rounds, "plain", millis));
    }

    private static double median(Map<String, List<Round>> rounds, String contender, ToDoubleFunction<Round> millis) {
        return Throughput.median(rounds.getOrDefault(contender, List.of()).stream()
                .map(millis::applyAsDouble)
                .toList());
    }
}
