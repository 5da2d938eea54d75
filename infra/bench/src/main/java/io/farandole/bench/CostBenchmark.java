package io.farandole.bench;

import java.util.List;

/** What an order costs, as a benchmark of its own with more orders than the build counts, and beyond the budget a failure as there. */
final class CostBenchmark implements Benchmark {

    private static final String OVER_BUDGET = "beyond the build's budget: ";

    @Override
    public String name() {
        return "cost-of-an-order";
    }

    @Override
    public String about() {
        return "counts commits, round trips, flushes and messages per order, three services, one by one and saturated";
    }

    @Override
    public boolean isLeftOutWhenAllAreQuick() {
        return true;
    }

    @Override
    public Kept keeps(boolean quick) {
        return quick ? Kept.GROWING_SHOP : Kept.NOTHING;
    }

    private static CostOfAnOrder.Result count(Settings settings) throws Exception {
        CostOfAnOrder cost = new CostOfAnOrder(
                settings.choose(8, 1_000), settings.choose(550, 4_000), settings.choose(5, CostOfAnOrder.IDLE_SECONDS));
        if (!settings.quick()) {
            return cost.run();
        }
        try (GrowingShop shop = GrowingShops.open(settings, List.of(), GrowingShop::isUnused)) {
            shop.notePlaced(cost.orders());
            return cost.run(shop.bench());
        }
    }

    @Override
    public Outcome run(Settings settings) throws Exception {
        Outcome.Builder outcome = Outcome.of(name());
        CostOfAnOrder.Result result = count(settings);
        CostOfAnOrder.Cost one = result.oneByOne();
        CostOfAnOrder.Cost many = result.saturated();
        CostOfAnOrder.ToDecision decision = result.toDecision();
        outcome.figure(Figure.of("commits to the confirmation, one by one", "per order", decision.commits())
                .atMost(14));
        outcome.figure(Figure.of("round trips to the confirmation, one by one", "per order", decision.roundTrips())
                .atMost(40));
        outcome.figure(Figure.of("commits, one by one", "per order", one.commits()));
        outcome.figure(Figure.of("round trips, one by one", "per order", one.roundTrips()));
        outcome.figure(
                Figure.of("messages, one by one", "per order", one.published()).atMost(6));
        outcome.figure(
                Figure.of("commits, saturated", "per order", many.commits()).atMost(1));
        outcome.figure(Figure.of("round trips, saturated", "per order", many.roundTrips()));
        outcome.figure(Figure.of("flushes, one by one", "per order", one.flushes()));
        outcome.figure(Figure.of("flushes, saturated", "per order", many.flushes()));
        outcome.figure(Figure.of("write-ahead log, saturated", "bytes per order", many.walBytes()));
        outcome.figure(Figure.of("deliveries, saturated", "per order", many.deliveries()));
        outcome.figure(Figure.of("own events, saturated", "per order", many.events()));
        outcome.figure(Figure.of("commits, idle", "per second", result.idleCommitsPerSecond()));
        outcome.figure(Figure.of("round trips, idle", "per second", result.idleRoundTripsPerSecond()));
        outcome.held("the checker's invariants of the whole shop, at rest");
        outcome.remark(
                "counted from POST to the end of the process in all three contexts, or to the durable confirmation where that is said;"
                        + " what idles is taken off one by one");
        List<String> exceeded = Budget.load().exceededBy(result);
        exceeded.forEach(sentence -> outcome.remark(OVER_BUDGET + sentence));
        return outcome.build();
    }

    @Override
    public void verify(Outcome outcome) {
        List<String> exceeded = outcome.remarks().stream()
                .filter(remark -> remark.startsWith(OVER_BUDGET))
                .toList();
        if (!exceeded.isEmpty()) {
            throw new IllegalStateException(String.join("; ", exceeded));
        }
    }
}
