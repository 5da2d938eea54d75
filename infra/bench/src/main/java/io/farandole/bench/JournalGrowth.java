package io.farandole.bench;

import io.farandole.bench.load.OrderSpec;
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

    private static final String EVENTS = "select count(*) from farandole.journal";

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
    public Kept keeps(boolean quick) {
        return quick ? Kept.GROWING_SHOP : Kept.NOTHING;
    }

    @Override
    public Outcome run(Settings settings) throws Exception {
        Outcome.Builder outcome = Outcome.of(name());
        List<Integer> sizes = settings.quick() ? List.of(100_000) : List.of(10_000, 100_000, 1_000_000, 10_000_000);
        int last = sizes.get(sizes.size() - 1);
        List<Measured> measured = new ArrayList<>();
        try (GrowingShop shop = GrowingShops.open(settings, List.of(), left -> !left.hasGrown())) {
            shop.take(template(shop));
            int warmUp = settings.choose(200, 10_000);
            if (settings.quick()) {
                warmUp = shop.warmUp(warmUp, IN_FLIGHT);
                measured.add(measure(shop, settings, shop.number("order", EVENTS)));
            }
            for (int size : sizes) {
                shop.stop();
                grow(shop, size);
                settings.say("%,d events are in the order journal", size);
                if (size == last) {
                    // While the services are stopped.
                    try (LongAggregates aggregates = new LongAggregates(shop.postgres())) {
                        aggregates(outcome, aggregates, settings);
                    }
                }
                shop.start();
                shop.warmUp(warmUp, IN_FLIGHT);
                measured.add(measure(shop, settings, size));
            }
            for (String context : GrowingShop.CONTEXTS) {
                outcome.remark(String.format(
                        "the journal of %s at the end: %,d events", context, shop.number(context, EVENTS)));
            }
        }
        figures(outcome, measured);
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
        if (settings.quick()) {
            outcome.remark(
                    "quick: the smallest is the journal as the benchmark finds it, and services are not restarted for it but have"
                            + " had as many orders; a proxy is before the databases, with every size; only the first compiler works");
        }
        return outcome.build();
    }

    /**
     * What was measured with a journal of some size.
     *
     * @param events in the order journal
     * @param perSecond completed orders per second
     * @param scanned rows read by scanning whole tables, per order
     */
    private record Measured(long events, double perSecond, double scanned) {}

    private static Measured measure(GrowingShop shop, Settings settings, long events) throws Exception {
        int orders = settings.choose(150, 5_000);
        long before = shop.scannedRows();
        List<Double> rounds = new ArrayList<>();
        for (int round = 0; round < settings.rounds(); round++) {
            rounds.add(shop.saturate(orders, IN_FLIGHT).perSecond());
        }
        double scanned = (shop.scannedRows() - before) / (double) (orders * settings.rounds());
        settings.say("%,11d events in the order journal: %.0f orders/s", events, Throughput.median(rounds));
        return new Measured(events, Throughput.median(rounds), scanned);
    }

    private static List<String> template(GrowingShop shop) throws Exception {
        List<String> orders = shop.placeAndEnd(IntStream.range(0, TEMPLATE)
                .mapToObj(i -> new OrderSpec(i, "c-" + i, "p-" + i, i == 0))
                .toList());
        shop.rest();
        return orders;
    }

    /** Grows the journals of the stopped shop until the order journal has so many events. */
    private static void grow(GrowingShop shop, int size) throws Exception {
        long there = shop.number("order", EVENTS);
        int times = copies(there, size, shop.eventsPerCopy("order"));
        shop.grow(times, size <= ALL_JOURNALS ? GrowingShop.CONTEXTS : List.of("order"));
    }

    /** How many copies bring a journal from so many events to that size. */
    static int copies(long there, int size, int perCopy) {
        return (int) Math.max(0, (size - there + perCopy - 1) / perCopy);
    }

    private static void figures(Outcome.Builder outcome, List<Measured> measured) {
        Measured least = measured.get(0);
        String fewest = String.format("%,d events", least.events());
        for (Measured with : measured.subList(1, measured.size())) {
            outcome.figure(
                    Figure.of(String.format("throughput, %,d events", with.events()), "orders/s", with.perSecond())
                            .against(fewest, least.perSecond())
                            .ratioAtLeast(0.85));
            outcome.figure(Figure.of(
                            String.format("rows read by scans of whole tables, %,d events", with.events()),
                            "rows/order",
                            with.scanned())
                    .against(fewest, least.scanned()));
        }
        outcome.curve(Curve.of("Throughput by events in the journal", "events in the order journal", "orders/s")
                .withLogX()
                .with(
                        "three services",
                        measured.stream()
                                .map(with -> new Point(with.events(), with.perSecond()))
                                .toList()));
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
