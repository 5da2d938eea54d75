package io.farandole.bench;

import io.farandole.acceptance.checker.Violation;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * What one order costs, counted, not timed: from {@code POST} to its durable confirmation (or cancellation), and to the end of its
 * process in all three contexts, captured and fulfilled. Five in a hundred are declined instead. What the services do anyway (claims,
 * polls, saved positions) is measured while they are idle, and taken off what is counted one by one; saturated it is left in.
 */
final class CostOfAnOrder {

    private static final int PRODUCTS = 100;
    private static final int WARM_UP = 100;
    static final int IDLE_SECONDS = 10;

    private final int oneByOne;
    private final int saturated;
    private final int idleSeconds;

    CostOfAnOrder(int oneByOne, int saturated) {
        this(oneByOne, saturated, IDLE_SECONDS);
    }

    CostOfAnOrder(int oneByOne, int saturated, int idleSeconds) {
        this.oneByOne = oneByOne;
        this.saturated = saturated;
        this.idleSeconds = idleSeconds;
    }

    /**
     * Per order.
     *
     * @param commits transactions that wrote, in all three databases
     * @param roundTrips to the databases
     * @param flushes of the write-ahead log
     * @param walBytes of the write-ahead log
     * @param published messages
     * @param deliveries messages times followers
     * @param events of the contexts' own
     */
    record Cost(
            double commits,
            double roundTrips,
            double flushes,
            double walBytes,
            double published,
            double deliveries,
            double events) {}

    /**
     * What was counted.
     *
     * @param toDecision of orders one by one, to the confirmation
     * @param oneByOne of the same orders, to the end everywhere
     * @param saturated with 512 in flight, to the end everywhere
     * @param idleCommitsPerSecond transactions that write while nothing is to do, of all three services
     * @param idleRoundTripsPerSecond round trips while nothing is to do, of all three services
     */
    record Result(
            ToDecision toDecision,
            Cost oneByOne,
            Cost saturated,
            double idleCommitsPerSecond,
            double idleRoundTripsPerSecond) {}

    /**
     * Per order, one by one, until its end is durable; what was under way at that moment is counted as far as it was.
     *
     * @param commits transactions that wrote, in all three databases
     * @param roundTrips to the databases
     */
    record ToDecision(double commits, double roundTrips) {}

    Result run() throws Exception {
        try (ShopOnTheBench shop = new ShopOnTheBench(List.of("-Xmx384m", "-XX:TieredStopAtLevel=1"))) {
            Orders.fillShelves(shop.address("stock"), PRODUCTS);
            return run(shop);
        }
    }

    /** Orders that a run places. */
    int orders() {
        return WARM_UP + oneByOne + saturated;
    }

    /** Counts in that shop, where nobody has ordered anything yet and the shelves are full of the first products at least. */
    Result run(ShopOnTheBench shop) throws Exception {
        Orders orders = new Orders(shop.address("order"), PRODUCTS);
        shop.saturate(orders, WARM_UP, 16);
        shop.settle();

        Counts idle = Counts.of(shop);
        LockSupport.parkNanos(idleSeconds * 1_000_000_000L);
        Counts stillIdle = Counts.of(shop);

        double commitsToDecision = 0;
        double roundTripsToDecision = 0;
        double secondsToDecision = 0;
        for (int i = 0; i < oneByOne; i++) {
            long start = System.nanoTime();
            long commits = shop.records().commits();
            long roundTrips = shop.roundTrips();
            String orderId = place(orders);
            shop.awaitDecision(orderId);
            commitsToDecision += shop.records().commits() - commits;
            roundTripsToDecision += shop.roundTrips() - roundTrips;
            secondsToDecision += (System.nanoTime() - start) / 1e9;
            shop.awaitEnd(orderId);
            shop.settle();
        }
        Counts afterOneByOne = Counts.of(shop);

        shop.saturate(orders, saturated, 512);
        shop.settle();
        Counts afterSaturated = Counts.of(shop);

        List<Violation> violations = shop.violations(orders.accepted());
        if (!violations.isEmpty()) {
            throw new IllegalStateException("The run is void: " + violations);
        }
        double idleCommits = (stillIdle.commits - idle.commits) / idle.secondsTo(stillIdle);
        double idleRoundTrips = (stillIdle.roundTrips - idle.roundTrips) / idle.secondsTo(stillIdle);
        return new Result(
                new ToDecision(
                        (commitsToDecision - idleCommits * secondsToDecision) / oneByOne,
                        (roundTripsToDecision - idleRoundTrips * secondsToDecision) / oneByOne),
                stillIdle.costTo(afterOneByOne, oneByOne, idleCommits, idleRoundTrips),
                afterOneByOne.costTo(afterSaturated, saturated, 0, 0),
                idleCommits,
                idleRoundTrips);
    }

    private static String place(Orders orders) {
        Set<String> before = new HashSet<>(orders.accepted());
        orders.place().join();
        Set<String> placed = new HashSet<>(orders.accepted());
        placed.removeAll(before);
        return placed.iterator().next();
    }

    private record Counts(
            long nanos,
            long commits,
            long roundTrips,
            long flushes,
            long walBytes,
            long published,
            long received,
            long appended) {

        static Counts of(ShopOnTheBench shop) throws SQLException {
            return new Counts(
                    System.nanoTime(),
                    shop.records().commits(),
                    shop.roundTrips(),
                    shop.records().flushes(),
                    shop.records().walBytes(),
                    shop.records().published(),
                    shop.records().received(),
                    shop.records().appended());
        }

        double secondsTo(Counts later) {
            return (later.nanos - nanos) / 1e9;
        }

        Cost costTo(Counts later, int orders, double idleCommits, double idleRoundTrips) {
            double seconds = secondsTo(later);
            return new Cost(
                    (later.commits - commits - idleCommits * seconds) / orders,
                    (later.roundTrips - roundTrips - idleRoundTrips * seconds) / orders,
                    (double) (later.flushes - flushes) / orders,
                    (double) (later.walBytes - walBytes) / orders,
                    (double) (later.published - published) / orders,
                    (double) (later.received - received) / orders,
                    (double) (later.appended - appended) / orders);
        }
    }

    /** A table for people. */
    static String table(Result result) {
        StringBuilder table = new StringBuilder();
        table.append(String.format(
                Locale.ROOT,
                "%-12s %9s %12s %9s %10s %10s %11s %8s%n",
                "per order",
                "commits",
                "round trips",
                "flushes",
                "WAL bytes",
                "published",
                "deliveries",
                "events"));
        table.append(String.format(
                Locale.ROOT,
                "%-12s %9.2f %12.2f%n",
                "to decision",
                result.toDecision().commits(),
                result.toDecision().roundTrips()));
        row(table, "one by one", result.oneByOne());
        row(table, "saturated", result.saturated());
        table.append(String.format(
                Locale.ROOT,
                "idle, all three services: %.1f commits/s, %.1f round trips/s%n",
                result.idleCommitsPerSecond(),
                result.idleRoundTripsPerSecond()));
        return table.toString();
    }

    private static void row(StringBuilder table, String name, Cost cost) {
        table.append(String.format(
                Locale.ROOT,
                "%-12s %9.2f %12.2f %9.2f %10.0f %10.2f %11.2f %8.2f%n",
                name,
                cost.commits(),
                cost.roundTrips(),
                cost.flushes(),
                cost.walBytes(),
                cost.published(),
                cost.deliveries(),
                cost.events()));
    }
}
