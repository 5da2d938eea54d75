package io.farandole.bench;

import io.farandole.bench.load.LoadResult;
import io.farandole.bench.load.OrderSpec;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** B5: what it costs that very many orders wait for their payment, and how fast deadlines are worked off that are all due. */
final class OpenSagas implements Benchmark {

    /** The orders that are really placed; every other one is a copy of one of them. */
    private static final int TEMPLATE = 10;

    private static final int IN_FLIGHT = 64;

    /** As with the services that are measured as they are. */
    private static final int QUICK_WARM_UP_IN_FLIGHT = 512;

    private static final int MOST_PER_SECOND = 100;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double BYTES_PER_MEBIBYTE = 1 << 20;

    private static final String OPEN = "select count(*) from farandole.saga where ended_at is null";
    private static final String UNANSWERED =
            "select count(*) from farandole.outside_call where kind = 'authorize' and status = 'WAITING' and attempts > 0";
    private static final String PUT_OFF = UNANSWERED + " and due_at = time_limit_at - interval '1 day'";

    @Override
    public String name() {
        return "open-sagas";
    }

    @Override
    public String about() {
        return "10 to a million orders that wait for payment: heap, latency and restart; and deadlines that are due at once";
    }

    /**
     * What was measured with so many open.
     *
     * @param open how many orders wait
     * @param heap mebibytes that the three services hold
     * @param perSecond completed orders per second
     * @param p99 milliseconds, at the open load
     * @param restart seconds from the start of the processes until all are ready
     * @param scanned rows read by scanning whole tables, per order
     */
    private record Found(int open, double heap, double perSecond, double p99, double restart, double scanned) {}

    @Override
    public Kept keeps(boolean quick) {
        return quick ? Kept.GROWING_SHOP : Kept.NOTHING;
    }

    @Override
    public Outcome run(Settings settings) throws Exception {
        Outcome.Builder outcome = Outcome.of(name());
        List<Integer> sizes = settings.quick() ? List.of(10, 10_000) : List.of(10, 1_000, 10_000, 100_000, 1_000_000);
        List<Found> found = new ArrayList<>();
        try (GrowingShop shop = GrowingShops.open(settings, GrowingShops.PATIENT, left -> true)) {
            leaveOpen(shop);
            // Services that have been started again since their databases were filled are measured as they are, when
            // quick.
            boolean asItIs = settings.quick() && shop.lastStart().isPresent();
            int warmUp = settings.choose(200, 5_000);
            int open = TEMPLATE;
            int rate = 0;
            for (int size : sizes) {
                List<Double> restarts = new ArrayList<>();
                if (asItIs && found.isEmpty()) {
                    restarts.add(seconds(shop.lastStart().orElseThrow()));
                } else {
                    shop.stop();
                    shop.grow((size - open) / TEMPLATE, GrowingShop.CONTEXTS);
                    open = size;
                    settings.say("%,d orders wait", size);
                    restarts.addAll(start(shop, settings.choose(1, 3)));
                }
                warmUp = shop.warmUp(warmUp, settings.choose(QUICK_WARM_UP_IN_FLIGHT, IN_FLIGHT));
                Found with = measure(shop, settings, size, rate, Throughput.median(restarts));
                rate = rate == 0 ? rate(with) : rate;
                found.add(with);
                settings.say(
                        "%,9d open: %.0f orders/s, p99 %.1f ms at %d/s, ready in %.1f s, heap %.1f MiB",
                        size, with.perSecond(), with.p99(), rate, with.restart(), with.heap());
            }
            int woken = wake(shop, open, settings.choose(10, 200));
            outcome.held(
                    woken + " of the copies were cancelled when their time limit was made to pass, as real orders are");
            outcome.remark("open load at " + rate + "/s: half of the throughput with the fewest open, "
                    + MOST_PER_SECOND + "/s at most");
            shop.stop();
            deadlines(outcome, shop, settings);
        }
        figures(outcome, found);
        if (settings.quick()) {
            outcome.remark(
                    "quick: where another benchmark has grown the shop's journals and restarted its services, 10 open are measured"
                            + " as they run, and until ready is that start, with none open; a proxy is before the databases, with every"
                            + " size; only the first compiler works");
        }
        outcome.held(
                "after each load: books of all orders of the loads, no event of an order twice, nothing of them left to do;"
                        + " every waiting saga, reservation, deadline and call still there");
        outcome.remark(
                "books are those of the orders that were placed, by set-based SQL: the checker would read whole journals");
        outcome.remark(GrowingShop.ABOUT_SCANS);
        outcome.remark(
                "sizes in ascending order, services restarted for each, so the smallest is not measured in turn with the others");
        outcome.remark(
                "a waiting order is a copy of one whose authorisation was answered 503; its next attempt and its time"
                        + " limits lie days ahead, so what waits for a provider that answers again is not part of it");
        return outcome.build();
    }

    /** Has a few orders wait for their payment, for days, and takes them as the template. */
    private static void leaveOpen(GrowingShop shop) throws SQLException, InterruptedException {
        List<String> template = shop.placeUnanswered(IntStream.range(0, TEMPLATE)
                .mapToObj(i -> new OrderSpec(i, "c-" + i, "p-" + i, false))
                .toList());
        shop.await("payment", UNANSWERED, TEMPLATE);
        for (String context : GrowingShop.CONTEXTS) {
            shop.await(context, OPEN, TEMPLATE);
        }
        // One that is just being tried cannot be put off until it waits again.
        shop.bring(
                "payment",
                "update farandole.outside_call set due_at = time_limit_at - interval '1 day'"
                        + " where kind = 'authorize' and status = 'WAITING' and attempts > 0",
                PUT_OFF,
                TEMPLATE);
        shop.rest();
        shop.take(template);
    }

    /** Starts the stopped services so many times, and leaves them running; the seconds of each start. */
    private static List<Double> start(GrowingShop shop, int times) throws Exception {
        List<Double> restarts = new ArrayList<>();
        restarts.add(seconds(shop.start()));
        while (restarts.size() < times) {
            shop.stop();
            restarts.add(seconds(shop.start()));
        }
        return restarts;
    }

    private static Found measure(GrowingShop shop, Settings settings, int size, int knownRate, double restart)
            throws Exception {
        int orders = settings.choose(150, 3_000);
        long scanned = shop.scannedRows();
        List<Double> rates = new ArrayList<>();
        for (int round = 0; round < settings.rounds(); round++) {
            rates.add(shop.saturate(orders, IN_FLIGHT).perSecond());
        }
        double scannedPerOrder = (shop.scannedRows() - scanned) / (double) (orders * settings.rounds());
        double perSecond = Throughput.median(rates);
        int rate = knownRate == 0 ? rate(perSecond) : knownRate;
        List<Double> p99 = new ArrayList<>();
        for (int round = 0; round < settings.rounds(); round++) {
            LoadResult result = shop.open(rate, settings.choose(2, 20));
            p99.add(result.latency().p99() / NANOS_PER_MILLI);
        }
        double heap =
                shop.heap().values().stream().mapToDouble(Double::doubleValue).sum();
        check(shop, size);
        return new Found(size, heap, perSecond, Throughput.median(p99), restart, scannedPerOrder);
    }

    private static int rate(Found found) {
        return rate(found.perSecond());
    }

    /** The rate of the open load where so many orders per second are the most. */
    static int rate(double perSecond) {
        return (int) Math.max(1, Math.min(MOST_PER_SECOND, perSecond / 2));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    private static void check(GrowingShop shop, int size) throws SQLException {
        for (String context : GrowingShop.CONTEXTS) {
            expect("open sagas of " + context, size, shop.number(context, OPEN));
        }
        for (String context : List.of("order", "stock")) {
            expect(
                    "deadlines of " + context,
                    size,
                    shop.number(context, "select count(*) from farandole.scheduled_tasks"));
        }
        expect("calls that wait", size, shop.number("payment", UNANSWERED));
        expect("pieces reserved", size, shop.number("stock", "select sum(reserved) from app.product_stock"));
    }

    private static void expect(String what, long expected, long found) {
        if (expected != found) {
            throw new VoidRunException("three services", List.of(what + ": " + found + " instead of " + expected));
        }
    }

    /** Makes the time limits of some copies pass, and waits until they have been cancelled everywhere. */
    private static int wake(GrowingShop shop, int size, int count) throws Exception {
        shop.execute(
                "order",
                "create table bench.woken as select process_key from farandole.scheduled_tasks"
                        + " where process_key not in (select order_id from bench.template) order by md5(process_key) limit "
                        + count);
        shop.execute(
                "order",
                "update farandole.scheduled_tasks set execution_time = now()"
                        + " where process_key in (select process_key from bench.woken)");
        shop.await(
                "order",
                "select count(*) from farandole.journal j join bench.woken w using (process_key)"
                        + " where j.own and j.payload_type = 'order.settled'",
                count);
        shop.await("stock", "select " + size + " - sum(reserved) from app.product_stock", count);
        return count;
    }

    private static void deadlines(Outcome.Builder outcome, GrowingShop shop, Settings settings) throws SQLException {
        int count = settings.choose(2_000, 100_000);
        List<Double> rates = new ArrayList<>();
        try (DueDeadlines due = new DueDeadlines(shop.postgres())) {
            due.perSecond(count);
            for (int round = 0; round < settings.rounds(); round++) {
                rates.add(due.perSecond(count));
                settings.say("%,d deadlines due at once: %,.0f/s", count, rates.get(round));
            }
        }
        outcome.figure(Figure.of(count + " deadlines due at once", "deadlines/s", Throughput.median(rates))
                .atLeast(5_000));
        outcome.held("every deadline passed once, and no other");
        outcome.remark(
                "deadlines: until the event that says so is in the journal, with default settings, in this JVM, after one"
                        + " such round to warm up; what sagas do then is not part of it");
    }

    private static void figures(Outcome.Builder outcome, List<Found> found) {
        Found least = found.get(0);
        String fewest = String.format("%,d open", least.open());
        for (Found with : found.subList(1, found.size())) {
            String open = String.format("%,d open", with.open());
            outcome.figure(Figure.of("heap per waiting saga, " + open, "B", perSaga(least, with))
                    .atMost(64));
            outcome.figure(Figure.of("heap of three services, " + open, "MiB", with.heap())
                    .against(fewest, least.heap()));
            outcome.figure(Figure.of("p99, " + open, "ms", with.p99())
                    .against(fewest, least.p99())
                    .ratioAtMost(1.3));
            outcome.figure(Figure.of("throughput, " + open, "orders/s", with.perSecond())
                    .against(fewest, least.perSecond()));
            outcome.figure(Figure.of("longer until ready, " + open, "s", with.restart() - least.restart())
                    .atMost(5));
            outcome.figure(Figure.of("rows read by scans of whole tables, " + open, "rows/order", with.scanned())
                    .against(fewest, least.scanned()));
        }
        outcome.remark(
                "until ready with " + fewest + ": " + Numbers.text(least.restart()) + " s, all services at once");
        outcome.remark(
                "heap is that of the three services together after full collections, less what it is with " + fewest
                        + "; it differs by megabytes from start to start, so ten thousand sagas tell little and a million much");
        outcome.curve(curve(
                "p99 by open sagas",
                "p99 (ms)",
                found.stream().map(with -> new Point(with.open(), with.p99())).toList()));
        outcome.curve(curve(
                "Heap by open sagas",
                "heap of three services (MiB)",
                found.stream().map(with -> new Point(with.open(), with.heap())).toList()));
        outcome.curve(curve(
                "Restart by open sagas",
                "until ready (s)",
                found.stream()
                        .map(with -> new Point(with.open(), with.restart()))
                        .collect(Collectors.toList())));
    }

    private static Curve curve(String name, String unit, List<Point> points) {
        return Curve.of(name, "orders that wait for payment", unit).withLogX().with("three services", points);
    }

    private static double perSaga(Found least, Found with) {
        return (with.heap() - least.heap()) * BYTES_PER_MEBIBYTE / (with.open() - least.open());
    }
}
