package io.farandole.bench;

import io.farandole.eventstore.JournalEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** B8: events of several sizes from one journal through RabbitMQ into another, over several partitions, beside plain inserts. */
final class PayloadBenchmark implements Benchmark {

    private static final int KILOBYTE = 1_024;
    private static final List<Integer> PARTITIONS = List.of(1, 2, 4, 8);
    private static final int KEYS = 512;
    private static final long SEED = 20261123;
    private static final double MEGABYTE = 1e6;
    private static final String JOURNEY = "journal to journal";
    private static final String PLAIN = "plain inserts";

    /** A size, and over how many partitions; 0 for the plain inserts. */
    private record Case(int payloadBytes, int partitions) {}

    private record Measured(int events, PayloadRig.Journey journey, int payloadBytes) {

        double perSecond() {
            return events * 1e9 / journey.nanos();
        }

        double megabytesPerSecond() {
            return perSecond() * payloadBytes / MEGABYTE;
        }

        double sourceWal() {
            return (double) journey.sourceWalBytes() / events / payloadBytes;
        }

        double sinkWal() {
            return (double) journey.sinkWalBytes() / events / payloadBytes;
        }
    }

    @Override
    public String name() {
        return "payload";
    }

    @Override
    public String about() {
        return "events of several sizes from a journal through RabbitMQ into another, over 1 to 8 partitions; log per payload byte";
    }

    @Override
    public Outcome run(Settings settings) throws Exception {
        Outcome.Builder outcome = Outcome.of(name());
        List<Integer> sizes = settings.quick()
                ? List.of(100, KILOBYTE, 64 * KILOBYTE)
                : List.of(100, KILOBYTE, 16 * KILOBYTE, 256 * KILOBYTE);
        PayloadPlan plan =
                new PayloadPlan(settings.choose(2_000, 20_000), settings.choose(6, 64) * (long) KILOBYTE * KILOBYTE);
        Rows rows = new Rows(KEYS, SEED);
        Map<Case, List<Measured>> results = new LinkedHashMap<>();
        try (PayloadRig rig = PayloadRig.open(PARTITIONS, settings)) {
            for (int warmUp = settings.choose(1, 3); warmUp > 0; warmUp--) {
                measure(rig, rows, plan, new Case(KILOBYTE, 1));
                measure(rig, rows, plan, new Case(KILOBYTE, 0));
            }
            for (int round = 1; round <= settings.rounds(); round++) {
                for (Case one : cases(sizes, settings.quick())) {
                    Measured measured = measure(rig, rows, plan, one);
                    results.computeIfAbsent(one, key -> new ArrayList<>()).add(measured);
                    settings.say(
                            "round %d  %7d B  %-14s %8.0f events/s  %7.2f MB/s  log %6.2f and %6.2f B/B",
                            round,
                            one.payloadBytes(),
                            one.partitions() == 0 ? PLAIN : one.partitions() + " partitions",
                            measured.perSecond(),
                            measured.megabytesPerSecond(),
                            measured.sourceWal(),
                            measured.sinkWal());
                }
            }
        }
        figures(outcome, sizes, results);
        curves(outcome, sizes, results);
        outcome.held(
                "both journals hold the same events, each once, with the same bytes, in order per process key; every partition was used");
        outcome.remark("batches of " + PayloadPlan.BATCH
                + " events or 1 MiB; appending, relaying and receiving at once, in one JVM;"
                + " to the last event durable in the other journal");
        outcome.remark(PLAIN
                + ": the same rows, batches, columns and indexes inserted into two tables one after the other, by one"
                + " thread, without a broker");
        outcome.remark(
                "log is the difference of pg_current_wal_insert_lsn; each journal has a server of its own, so each"
                        + " one's is told, the relay's saved position included; checkpoints come as they come");
        outcome.remark("payloads are random text, which neither server can compress");
        outcome.remark(
                "the framework has no partitions of an inbox yet: they are made of a consistent-hash exchange over the process"
                        + " key, with an inbox and a listener for each, all over one journal; the relay is one");
        if (settings.quick()) {
            outcome.remark(Settings.FIRST_COMPILER);
        }
        return outcome.build();
    }

    /** Each size with one partition and plainly; more partitions at 1 KB, and where there is time with each size. */
    private static Set<Case> cases(List<Integer> sizes, boolean quick) {
        Set<Case> cases = new LinkedHashSet<>();
        for (int size : sizes) {
            for (int partitions : quick && size != KILOBYTE ? List.of(1) : PARTITIONS) {
                cases.add(new Case(size, partitions));
            }
            cases.add(new Case(size, 0));
        }
        return cases;
    }

    private static Measured measure(PayloadRig rig, Rows rows, PayloadPlan plan, Case one) throws Exception {
        int partitions = Math.max(1, one.partitions());
        List<List<JournalEntry>> batches = plan.batches(rows, PayloadRig.type(partitions), one.payloadBytes());
        PayloadRig.Journey journey = one.partitions() == 0
                ? rig.plainInserts(PayloadRig.type(partitions), batches)
                : rig.journey(partitions, batches);
        return new Measured(plan.events(one.payloadBytes()), journey, one.payloadBytes());
    }

    private static void figures(Outcome.Builder outcome, List<Integer> sizes, Map<Case, List<Measured>> results) {
        for (int size : sizes) {
            Case ours = new Case(size, 1);
            Case plain = new Case(size, 0);
            String of = ", " + bytes(size);
            outcome.figure(Figure.of(JOURNEY + of, "events/s", median(results, ours, Measured::perSecond))
                    .against(PLAIN, median(results, plain, Measured::perSecond)));
            outcome.figure(
                    Figure.of(JOURNEY + of + ", volume", "MB/s", median(results, ours, Measured::megabytesPerSecond))
                            .against(PLAIN, median(results, plain, Measured::megabytesPerSecond)));
            outcome.figure(wal("log of the journal that appends" + of, size, results, Measured::sourceWal));
            outcome.figure(wal("log of the journal that receives" + of, size, results, Measured::sinkWal));
        }
        double one = median(results, new Case(KILOBYTE, 1), Measured::perSecond);
        for (int partitions : PARTITIONS.subList(1, PARTITIONS.size())) {
            outcome.figure(Figure.of(
                            partitions + " partitions, 1 KB",
                            "events/s",
                            median(results, new Case(KILOBYTE, partitions), Measured::perSecond))
                    .against("1 partition", one));
        }
    }

    private static Figure wal(
            String name, int size, Map<Case, List<Measured>> results, ToDoubleFunction<Measured> figure) {
        Figure of = Figure.of(name, "bytes per payload byte", median(results, new Case(size, 1), figure))
                .against(PLAIN, median(results, new Case(size, 0), figure));
        return size == KILOBYTE ? of.atMost(3.5) : of;
    }

    private static void curves(Outcome.Builder outcome, List<Integer> sizes, Map<Case, List<Measured>> results) {
        Curve volume = Curve.of("volume over payload", "payload, bytes", "MB/s")
                .withLogX()
                .withLogY();
        Curve log = Curve.of("log over payload", "payload, bytes", "log bytes per payload byte")
                .withLogX()
                .withLogY();
        Curve spread =
                Curve.of("events over partitions", "partitions", "events/s").withLogX();
        for (int partitions : PARTITIONS) {
            if (sizes.stream().allMatch(size -> results.containsKey(new Case(size, partitions)))) {
                volume = volume.with(
                        partitions + (partitions == 1 ? " partition" : " partitions"),
                        overSizes(sizes, partitions, results, Measured::megabytesPerSecond));
            }
        }
        volume = volume.with(PLAIN, overSizes(sizes, 0, results, Measured::megabytesPerSecond));
        log = log.with("journal that appends", overSizes(sizes, 1, results, Measured::sourceWal))
                .with("journal that receives", overSizes(sizes, 1, results, Measured::sinkWal))
                .with(PLAIN, overSizes(sizes, 0, results, Measured::sourceWal));
        for (int size : sizes) {
            if (results.containsKey(new Case(size, 2))) {
                spread = spread.with(
                        bytes(size),
                        PARTITIONS.stream()
                                .map(partitions -> new Point(
                                        partitions, median(results, new Case(size, partitions), Measured::perSecond)))
                                .toList());
            }
        }
        outcome.curve(volume).curve(log).curve(spread);
    }

    private static List<Point> overSizes(
            List<Integer> sizes, int partitions, Map<Case, List<Measured>> results, ToDoubleFunction<Measured> figure) {
        return sizes.stream()
                .map(size -> new Point(size, median(results, new Case(size, partitions), figure)))
                .toList();
    }

    private static String bytes(int size) {
        return size < KILOBYTE ? size + " B" : size / KILOBYTE + " KB";
    }

    private static double median(Map<Case, List<Measured>> results, Case one, ToDoubleFunction<Measured> figure) {
        return Throughput.median(results.getOrDefault(one, List.of()).stream()
                .map(figure::applyAsDouble)
                .toList());
    }
}
