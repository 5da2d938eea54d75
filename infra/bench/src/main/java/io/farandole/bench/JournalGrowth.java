package io.farandole.bench;

import io.farandole.bench.load.OrderSpec;
import io.farandole.bench.load.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** B4: the throughput with ever more events in the journals, and the loading of aggregates with ever more events. */
final class JournalGrowth implements Benchmark {

    /** The orders that are really placed; every other one is a copy of one of them. One in twenty is declined. */
    private static final int TEMPLATE = 20;

    private static final int IN_FLIGHT = 512;

    /** Beyond, only the order journal grows: all three would take more room and time than they tell. */
    private static final int ALL_JOURNALS = 1_000_000;

    /** What is still called flat. */
    private static final double FLAT = 1.3;

    @Override
    public String name() {
        return "journal-growth";
    }

    @Override
    public String about() {
        return "throughput with 10⁴ to 10⁷ events in the journals; loading aggregates of 10 to 10⁵ events, with snapshots and without";
    }

    @Override
    public Outcome run(Settings settings) throws Exception {
        Outcome.Builder outcome = Outcome.of(name());
        List<Integer> sizes =
                settings.quick() ? List.of(10_000, 100_000) : List.of(10_000, 100_000, 1_000_000, 10_000_000);
        Workload workload = new Workload(settings.choose(200, Workload.ITEMS));
        List<Point> rates = new ArrayList<>();
        List<Double> scanned = new ArrayList<>();
        try (GrowingShop shop = new GrowingShop(workload, settings, List.of())) {
            settings.say("the shop is ready");
            shop.take(template(shop));
            for (int size : sizes) {
                grow(shop, size);
                shop.start();
                shop.saturate(settings.choose(300, 10_000), IN_FLIGHT);
                int orders = settings.choose(200, 5_000);
                long before = shop.scannedRows();
                List<Double> rounds = new ArrayList<>();
                for (int round = 0; round < settings.rounds(); round++) {
                    rounds.add(shop.saturate(orders, IN_FLIGHT).perSecond());
                }
                scanned.add((shop.scannedRows() - before) / (double) (orders * settings.rounds()));
                rates.add(new Point(size, Throughput.median(rounds)));
                settings.say("%,11d events in the order journal: %.0f orders/s", size, Throughput.median(rounds));
                shop.stop();
            }
            for (String context : GrowingShop.CONTEXTS) {
                outcome.remark(String.format(
                        "the journal of %s at the end: %,d events",
                        context, shop.number(context, "select count(*) from farandole.journal")));
            }
            try (LongAggregates aggregates = new LongAggregates(shop.postgres())) {
                aggregates(outcome, aggregates, settings);
            }
        }
        figures(outcome, rates, scanned);
        outcome.held(
                "after each load: books of all orders of the loads, no event of an order twice, nothing of them left to do;"
                        + " every load of an aggregate found all of its events");
        outcome.remark(
                "books are those of the orders that were placed, by set-based SQL: the checker would read whole journals");
        outcome.remark(
                "the size is that of the order journal, the others have as many events or more; beyond a million only the"
                        + " order journal grows. All of it are copies of " + TEMPLATE
                        + " real orders with ids of their own, vacuumed and analysed");
        outcome.remark(GrowingShop.ABOUT_SCANS);
        outcome.remark(
                "sizes in ascending order, services restarted for each and warmed up alike, so the smallest is not measured"
                        + " in turn with the others");
        return outcome.build();
    }

    private static List<String> template(GrowingShop shop) throws Exception {
        List<String> orders = shop.placeAndEnd(IntStream.range(0, TEMPLATE)
                .mapToObj(i -> new OrderSpec(i, "c-" + i, "p-" + i, i == 0))
                .toList());
        shop.stop();
        return orders;
    }

    /** Grows the journals of the stopped shop until the order journal has so many events. */
    private static void grow(GrowingShop shop, int size) throws Exception {
        long there = shop.number("order", "select count(*) from farandole.journal");
        int times = copies(there, size, shop.eventsPerCopy("order"));
        shop.grow(times, size <= ALL_JOURNALS ? GrowingShop.CONTEXTS : List.of("order"));
    }

    /** How many copies bring a journal from so many events to that size. */
    static int copies(long there, int size, int perCopy) {
        return (int) Math.max(0, (size - there + perCopy - 1) / perCopy);
    }

    private static void figures(Outcome.Builder outcome, List<Point> rates, List<Double> scanned) {
        Point least = rates.get(0);
        String fewest = String.format("%,.0f events", least.x());
        for (int i = 1; i < rates.size(); i++) {
            Point with = rates.get(i);
            outcome.figure(Figure.of(String.format("throughput, %,.0f events", with.x()), "orders/s", with.y())
                    .against(fewest, least.y())
                    .ratioAtLeast(0.85));
            outcome.figure(Figure.of(
                            String.format("rows read by scans of whole tables, %,.0f events", with.x()),
                            "rows/order",
                            scanned.get(i))
                    .against(fewest, scanned.get(0)));
        }
        outcome.curve(Curve.of("Throughput by events in the journal", "events in the order journal", "orders/s")
                .withLogX()
                .with("three services", rates));
    }

    private static void aggregates(Outcome.Builder outcome, LongAggregates aggregates, Settings settings) {
        List<Integer> sizes = settings.quick() ? List.of(10, 1_000, 10_000) : List.of(10, 1_000, 100_000);
        int times = settings.choose(20, 60);
        Map<Integer, Double> with = new LinkedHashMap<>();
        Map<Integer, Double> without = new LinkedHashMap<>();
        warmUp(aggregates);
        for (int size : sizes) {
            LongAggregates.Series snapshots = aggregates.withEvents(size, true);
            LongAggregates.Series events = aggregates.withEvents(size, false);
            // The first load finds no snapshot and has one taken, where there are enough events for one.
            snapshots.load(2);
            if (snapshots.hasSnapshot() != size > LongAggregates.EVENTS) {
                throw new VoidRunException(
                        "aggregates", List.of("a snapshot of " + size + " events: " + snapshots.hasSnapshot()));
            }
            List<Double> a = new ArrayList<>();
            List<Double> b = new ArrayList<>();
            for (int round = 0; round < settings.rounds(); round++) {
                a.add(snapshots.load(times).millisAt(0.5));
                b.add(events.load(size > 10_000 ? 3 : times).millisAt(0.5));
            }
            with.put(size, Throughput.median(a));
            without.put(size, Throughput.median(b));
            settings.say(
                    "an aggregate of %,d events loads in %.2f ms with snapshots, %.2f ms without",
                    size, Throughput.median(a), Throughput.median(b));
        }
        int middle = sizes.get(1);
        for (int size : sizes) {
            outcome.figure(
                    Figure.of(String.format("load of %,d events, snapshots", size), "ms", with.getOrDefault(size, 0.0))
                            .against("without", without.getOrDefault(size, 0.0)));
        }
        int most = sizes.get(2);
        outcome.figure(Figure.of(
                        String.format("load of %,d events, both with snapshots", most),
                        "ms",
                        with.getOrDefault(most, 0.0))
                .against(String.format("%,d events", middle), with.getOrDefault(middle, 0.0))
                .ratioAtMost(FLAT));
        outcome.curve(Curve.of("Loading an aggregate", "events of the aggregate", "ms")
                .withLogX()
                .withLogY()
                .with("snapshots", points(with))
                .with("events only", points(without)));
        outcome.remark(
                "aggregates: through Axon's repository over the journal, in this JVM, nothing kept in memory, a snapshot every "
                        + LongAggregates.EVENTS
                        + " events as in the stock context; each load is followed by a command that applies one event");
    }

    private static void warmUp(LongAggregates aggregates) {
        for (boolean snapshots : new boolean[] {true, false}) {
            LongAggregates.Series some = aggregates.withEvents(1_000, snapshots);
            some.load(60);
        }
    }

    private static List<Point> points(Map<Integer, Double> millis) {
        return millis.entrySet().stream()
                .map(entry -> new Point(entry.getKey(), entry.getValue()))
                .toList();
    }
}
