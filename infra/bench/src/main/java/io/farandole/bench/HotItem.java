package io.farandole.bench;

import io.farandole.bench.load.Books;
import io.farandole.bench.load.Demand;
import io.farandole.bench.load.Load;
import io.farandole.bench.load.LoadResult;
import io.farandole.bench.load.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * B6: all orders want the same product, or a few products much more than others; and a product of which there are fewer pieces
 * than orders.
 */
final class HotItem implements Benchmark {

    private static final double EXPONENT = 1.1;
    private static final String UNIFORM = "products in turn";
    private static final String HOT = "one product";
    private static final String ZIPF = "Zipf 1.1";

    @Override
    public String name() {
        return "hot-item";
    }

    @Override
    public String about() {
        return "completed orders per second where all want one product, or some much more than others; none is sold twice";
    }

    /** How much is done. */
    private record Amounts(int warmUp, int orders, int inFlight, int pieces, int wanting) {

        static Amounts of(Settings settings) {
            return new Amounts(
                    settings.choose(200, 10_000),
                    settings.choose(150, 5_000),
                    settings.choose(128, 512),
                    settings.choose(60, 1_000),
                    settings.choose(100, 2_000));
        }
    }

    private record Round(double perSecond, double inVainPerOrder) {}

    @Override
    public Kept keeps(boolean quick) {
        return quick ? Kept.CONTENDERS : Kept.NOTHING;
    }

    @Override
    public Outcome run(Settings settings) throws Exception {
        Outcome.Builder outcome = Outcome.of(name());
        Amounts amounts = Amounts.of(settings);
        Workload uniform = settings.workload();
        Map<String, Workload> workloads = new LinkedHashMap<>();
        workloads.put(UNIFORM, uniform);
        workloads.put(HOT, uniform.wanting(Demand.only(0)));
        workloads.put(ZIPF, uniform.wanting(Demand.zipf(uniform.items(), EXPONENT)));
        Map<String, List<Round>> rounds = new LinkedHashMap<>();
        List<Double> locked = new ArrayList<>();
        try (Contenders contenders = Contenders.openServices(uniform, settings, Map.of());
                LockedRow row = new LockedRow(
                        contenders.services().shop().shop().postgres().server())) {
            ThreeServices shop = contenders.services();
            Run run = new Run(shop, amounts.inFlight());
            long rollbacks = shop.shop().records().rollbacks();
            long setAside = shop.shop().records().setAside();
            if (!shop.hadOrders(amounts.warmUp())) {
                run.checked(uniform, amounts.warmUp());
            }
            row.perSecond(amounts.warmUp(), amounts.inFlight());
            for (int round = 1; round <= settings.rounds(); round++) {
                locked.add(row.perSecond(amounts.orders() * 5, amounts.inFlight()));
                settings.say("round %d  %-18s %8.0f sales/s", round, "raw locked row", locked.get(round - 1));
                for (Map.Entry<String, Workload> load : workloads.entrySet()) {
                    Round measured = run.checked(load.getValue(), amounts.orders());
                    rounds.computeIfAbsent(load.getKey(), key -> new ArrayList<>())
                            .add(measured);
                    settings.say(
                            "round %d  %-18s %8.0f orders/s, %.3f positions in vain per order",
                            round, load.getKey(), measured.perSecond(), measured.inVainPerOrder());
                }
                if (round < settings.rounds()) {
                    VoidRunException.ifAny(shop.name(), shop.moreFaults());
                }
            }
            // The invariants are checked after it, for the last round too.
            scarce(run, uniform, amounts);
            outcome.figure(Figure.of(
                    "rollbacks, all loads",
                    "per order",
                    run.perOrder(shop.shop().records().rollbacks() - rollbacks)));
            outcome.figure(Figure.of(
                    "processes set aside, all loads",
                    "per order",
                    run.perOrder(shop.shop().records().setAside() - setAside)));
        }
        figures(outcome, rounds, Throughput.median(locked));
        outcome.held("the books after each load, and the checker's invariants after each round");
        outcome.held("of a product with " + amounts.pieces() + " pieces, which " + amounts.wanting()
                + " orders wanted, exactly so many were confirmed, all others cancelled, none oversold");
        outcome.remark(amounts.inFlight() + " orders in flight, " + uniform.items()
                + " products; three services over HTTP; " + settings.rounds() + " rounds of " + amounts.orders()
                + " orders after " + amounts.warmUp() + " to warm up");
        outcome.remark(
                "raw locked row: select for update, update, commit; as many callers as orders are in flight, over "
                        + LockedRow.CONNECTIONS + " connections; no order, payment, message or HTTP");
        outcome.remark(
                "positions in vain: drawn from the journals' sequences and rolled back; an append that meets a conflict"
                        + " leaves one at least. A conflict that is met before the append leaves none, but counts as a rollback");
        if (settings.quick()) {
            outcome.remark(Settings.FIRST_COMPILER);
        }
        return outcome.build();
    }

    /** Fewer pieces than orders; nobody's payment is declined, so that no piece comes back. */
    private static void scarce(Run run, Workload uniform, Amounts amounts) throws Exception {
        int product = uniform.items();
        Orders.receive(run.shop.shop().address("stock"), uniform.productId(product), amounts.pieces());
        Books before = run.shop.books();
        LoadResult result = run.load(uniform.wanting(Demand.only(product)).declining(0), amounts.wanting());
        Books after = run.shop.books();
        List<String> faults = new ArrayList<>(after.faults());
        expect(faults, "confirmed orders", amounts.pieces(), result.confirmed());
        expect(faults, "cancelled orders", amounts.wanting() - amounts.pieces(), result.cancelled());
        expect(faults, "pieces sold", amounts.pieces(), after.sold() - before.sold());
        expect(faults, "pieces received, all products", before.received(), after.received());
        VoidRunException.ifAny("the scarce product", faults);
        VoidRunException.ifAny(run.shop.name(), run.shop.moreFaults());
    }

    static void expect(List<String> faults, String what, long expected, long actual) {
        if (expected != actual) {
            faults.add(what + ": " + actual + " instead of " + expected);
        }
    }

    private static void figures(Outcome.Builder outcome, Map<String, List<Round>> rounds, double locked) {
        double uniform = median(rounds, UNIFORM);
        outcome.figure(Figure.of(HOT, "orders/s", median(rounds, HOT))
                .against("raw locked row", locked)
                .ratioAtLeast(0.5));
        outcome.figure(Figure.of(HOT + " / " + UNIFORM, "orders/s", median(rounds, HOT))
                .against(UNIFORM, uniform));
        outcome.figure(Figure.of(ZIPF + " / " + UNIFORM, "orders/s", median(rounds, ZIPF))
                .against(UNIFORM, uniform));
        rounds.forEach((load, measured) -> outcome.figure(Figure.of(
                "positions in vain, " + load,
                "per order",
                Throughput.median(measured.stream().map(Round::inVainPerOrder).toList()))));
    }

    private static double median(Map<String, List<Round>> rounds, String load) {
        return Throughput.median(rounds.getOrDefault(load, List.of()).stream()
                .map(Round::perSecond)
                .toList());
    }

    /** Loads the shop, order number by order number. Used by one thread. */
    private static final class Run {

        private final ThreeServices shop;
        private final int inFlight;
        private long next;

        Run(ThreeServices shop, int inFlight) {
            this.shop = shop;
            this.inFlight = inFlight;
        }

        LoadResult load(Workload workload, int orders) throws InterruptedException {
            LoadResult result = Load.saturate(shop, workload, next, orders, inFlight);
            next += orders;
            if (result.failed() > 0 || result.orders() != orders) {
                throw new VoidRunException(shop.name(), List.of(result.toString()));
            }
            return result;
        }

        /** Where there is enough of everything: just the declined orders are cancelled. */
        Round checked(Workload workload, int orders) throws Exception {
            long inVain = shop.shop().records().positionsInVain();
            long declined = workload.declined(next, orders);
            LoadResult result = load(workload, orders);
            List<String> faults = new ArrayList<>(shop.books().faults());
            expect(faults, "cancelled orders", declined, result.cancelled());
            VoidRunException.ifAny(shop.name(), faults);
            return new Round(result.perSecond(), (double) (shop.shop().records().positionsInVain() - inVain) / orders);
        }

        double perOrder(long count) {
            return (double) count / next;
        }
    }
}
