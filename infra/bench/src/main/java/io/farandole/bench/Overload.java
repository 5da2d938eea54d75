package io.farandole.bench;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.farandole.acceptance.shop.RunningShop;
import io.farandole.bench.load.LoadResult;
import io.farandole.bench.load.Workload;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** B10: one service is away until many messages wait for it; then more orders come than the shop can complete. */
final class Overload implements Benchmark {

    /**
     * Messages that wait for the stock service before it is started again, where the environment's {@code BENCH_QUEUED} says
     * nothing else. A million would take a small machine hours to place.
     */
    private static final String QUEUED = "100000";

    private static final int QUEUED_WHEN_QUICK = 250;
    private static final List<String> CONTEXTS = List.of("order", "stock", "payment");
    private static final int IN_FLIGHT = 512;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration BACKLOG_GONE_WITHIN = Duration.ofMinutes(40);

    /**
     * Live data after a full collection while a queue drains, over that in steady work, at most. Caches fill and drain; a backlog
     * that is held in memory makes it many times as much.
     */
    private static final double FLAT = 1.5;

    /** Acceptance while a service is away over acceptance before; what is within is the noise of a shared machine. */
    private static final double NOT_SLOWED = 1.25;

    @Override
    public String name() {
        return "overload";
    }

    @Override
    public String about() {
        return "stock is away until its queue is long, then drains it; then twice the capacity: rates, heaps, refusals";
    }

    @Override
    public Kept keeps(boolean quick) {
        return quick ? Kept.CONTENDERS : Kept.NOTHING;
    }

    @Override
    public Outcome run(Settings settings) throws Exception {
        Outcome.Builder outcome = Outcome.of(name());
        int rounds = settings.quick() ? 1 : settings.rounds();
        int warmUp = settings.choose(150, 10_000);
        Workload workload = settings.workload();
        Medians medians = new Medians();
        // The shop cancels what is pending for five minutes; what is measured is the way of an order through a backlog.
        Pressure load;
        try (Contenders contenders =
                Contenders.openServices(workload, settings, Map.of("SHOP_ORDER_TIME_LIMIT", "12h"))) {
            ThreeServices services = contenders.services();
            ShopOnTheBench shop = services.shop();
            load = new Pressure(services, workload, settings, medians);
            if (!services.hadOrders(warmUp)) {
                load.saturate(warmUp);
            }
            for (int round = 1; round <= rounds; round++) {
                double before = load.saturate(warmUp);
                stockAway(load, before);
                double after = load.saturate(warmUp);
                // On both sides of the drain, for Java grows warmer; the higher one is the capacity that is exceeded.
                medians.note("steady", (before + after) / 2);
                medians.note("capacity", Math.max(before, after));
                twiceTheCapacity(load, Math.max(before, after));
            }
            shop.settle(BACKLOG_GONE_WITHIN);
            VoidRunException.ifAny(services.name(), shop.records().books().faults());
            VoidRunException.ifAny(services.name(), services.moreFaults());
        }
        figures(outcome, medians);
        outcome.held("books and the checker's invariants for all orders that were accepted, after everything");
        outcome.remark(load.queued() + " messages waited for stock; twice the capacity for " + load.overloadSeconds()
                + " s; " + rounds + " round(s)");
        outcome.remark(
                "draining counts from the stock service's readiness, with Java that has just started, to the last order's end");
        outcome.remark(
                "steady is the mean of the saturated rates before and after the drain, the capacity the higher one");
        outcome.remark("heaps are after a full collection; draining, when half of the backlog was complete");
        if (!settings.quick()) {
            outcome.remark(
                    "the time limit of orders is set to 12 h: with its 5 minutes the shop would cancel what waits longer");
        }
        if (settings.quick()) {
            outcome.remark(
                    "quick: only the first compiler works; caches of aggregates are still filling, which shows in the heaps");
        }
        return outcome.build();
    }

    private static void stockAway(Pressure load, double steady) throws Exception {
        Medians medians = load.medians();
        Map<String, Double> before = load.heaps();
        Tally present = load.acceptance(steady / 2);
        load.shop().service("stock").kill();
        Backlog backlog = new Backlog(load.services(), load.workload());
        try (Traffic traffic = Traffic.start(load.services(), load.workload(), load.number(), steady / 2)) {
            drain(load, traffic, backlog, before, present);
        }
        load.say("drained at %.0f/s, saturated %.0f/s", medians.of("drain"), steady);
    }

    private static void drain(
            Pressure load, Traffic traffic, Backlog backlog, Map<String, Double> before, Tally present)
            throws Exception {
        Medians medians = load.medians();
        Tally away = load.during(traffic);
        traffic.stop();
        load.used(traffic.tally().orders());
        load.place(backlog);
        load.say("%d messages wait for stock; refused meanwhile %d", load.waitingForStock(), backlog.refused());
        medians.note("refused while the queue grew", backlog.refused());
        load.shop().service("stock").start();
        load.shop().service("stock").awaitReady();
        long ready = System.nanoTime();
        int atReady = backlog.ended() + traffic.tally().ended();
        backlog.awaitEnded(backlog.placed() / 2, PATIENCE);
        Map<String, Double> draining = load.heaps();
        long last = backlog.awaitEnded(backlog.placed(), PATIENCE);
        Tally all = traffic.end(PATIENCE);
        last = Math.max(last, traffic.lastEnd().orElse(last));
        int drained = backlog.placed() + all.ended() - atReady;
        medians.note("drain", drained * 1e9 / (last - ready));
        for (String context : CONTEXTS) {
            medians.note(context + " heap, steady", before.getOrDefault(context, 0.0));
            medians.note(context + " heap, draining", draining.getOrDefault(context, 0.0));
        }
        medians.note("p50 before", present.acceptedP50Millis());
        medians.note("p99 before", present.acceptedP99Millis());
        medians.note("p50 away", away.acceptedP50Millis());
        medians.note("p99 away", away.acceptedP99Millis());
        medians.note("not accepted while away", away.notAccepted());
        medians.note("lost", all.lost());
    }

    private static void twiceTheCapacity(Pressure load, double steady) throws Exception {
        Map<String, Double> start = load.heaps();
        long from = System.nanoTime();
        try (Traffic traffic = Traffic.start(load.services(), load.workload(), load.number(), 2 * steady)) {
            Pause.of(Duration.ofSeconds(load.overloadSeconds()));
            traffic.stop();
            afterwards(load, traffic, start, (System.nanoTime() - from) / 1e9);
        }
    }

    private static void afterwards(Pressure load, Traffic traffic, Map<String, Double> start, double seconds)
            throws Exception {
        Medians medians = load.medians();
        long until = System.nanoTime();
        int unfinished = traffic.tally().lost();
        Map<String, Double> end = load.heaps();
        Tally tally = traffic.end(BACKLOG_GONE_WITHIN);
        load.used(tally.orders());
        medians.note("accepted/s", tally.accepted() / seconds);
        medians.note("completed/s", (tally.accepted() - unfinished) / seconds);
        medians.note("refused/s", (tally.refused() + tally.refusedWithoutRetryAfter()) / seconds);
        medians.note("refused without Retry-After", tally.refusedWithoutRetryAfter());
        medians.note("neither", tally.failed() + tally.unanswered() + tally.notSent());
        medians.note("p50 overload", tally.acceptedP50Millis());
        medians.note("p99 overload", tally.acceptedP99Millis());
        medians.note("unfinished", unfinished);
        medians.note("backlog gone", (traffic.lastEnd().orElse(until) - until) / 1e9);
        medians.note("lost", tally.lost());
        for (String context : CONTEXTS) {
            medians.note(context + " heap, start", start.getOrDefault(context, 0.0));
            medians.note(context + " heap, end", end.getOrDefault(context, 0.0));
        }
        load.say("twice the capacity: %s", tally);
    }

    private static void figures(Outcome.Builder outcome, Medians medians) {
        outcome.figure(Figure.of("draining a long queue", "orders/s", medians.of("drain"))
                .against("steady", medians.of("steady"))
                .ratioAtLeast(0.8));
        for (String context : CONTEXTS) {
            outcome.figure(
                    Figure.of("live heap of " + context + ", draining", "MiB", medians.of(context + " heap, draining"))
                            .against("steady", medians.of(context + " heap, steady"))
                            .ratioAtMost(FLAT));
        }
        outcome.figure(Figure.of("p50 of an acceptance, stock away", "ms", medians.of("p50 away"))
                .against("stock there", medians.of("p50 before"))
                .ratioAtMost(NOT_SLOWED));
        outcome.figure(Figure.of("p99 of an acceptance, stock away", "ms", medians.of("p99 away"))
                .against("stock there", medians.of("p99 before")));
        outcome.figure(Figure.of("not accepted, stock away", "orders", medians.of("not accepted while away"))
                .atMost(0));
        outcome.figure(Figure.of(
                "refused and placed again while the queue grew", "times", medians.of("refused while the queue grew")));
        outcome.figure(Figure.of("accepted, twice the capacity", "orders/s", medians.of("accepted/s"))
                .against("completed, saturated", medians.of("capacity")));
        outcome.figure(Figure.of("completed, twice the capacity", "orders/s", medians.of("completed/s"))
                .against("completed, saturated", medians.of("capacity")));
        outcome.figure(Figure.of("refused, twice the capacity", "orders/s", medians.of("refused/s")));
        outcome.figure(Figure.of("refused without Retry-After", "orders", medians.of("refused without Retry-After"))
                .atMost(0));
        outcome.figure(Figure.of("neither accepted nor refused", "orders", medians.of("neither"))
                .atMost(0));
        outcome.figure(Figure.of("p50 of an acceptance, twice the capacity", "ms", medians.of("p50 overload")));
        outcome.figure(Figure.of("p99 of an acceptance, twice the capacity", "ms", medians.of("p99 overload")));
        for (String context : CONTEXTS) {
            outcome.figure(Figure.of(
                            "live heap of " + context + ", twice the capacity",
                            "MiB",
                            medians.of(context + " heap, end"))
                    .against("before", medians.of(context + " heap, start"))
                    .ratioAtMost(FLAT));
        }
        outcome.figure(Figure.of("accepted and not complete when the load ended", "orders", medians.of("unfinished")));
        outcome.figure(Figure.of("until that backlog was gone", "s", medians.of("backlog gone")));
        outcome.figure(
                Figure.of("accepted orders lost", "orders", medians.of("lost")).atMost(0));
    }

    /** The shop under load, and which numbers its orders have had. Used by one thread. */
    private static final class Pressure {

        private final ThreeServices services;
        private final Workload workload;
        private final Settings settings;
        private final Medians medians;
        private final int queued;
        private long number;

        Pressure(ThreeServices services, Workload workload, Settings settings, Medians medians) {
            this.services = services;
            this.workload = workload;
            this.settings = settings;
            this.medians = medians;
            queued = settings.quick()
                    ? QUEUED_WHEN_QUICK
                    : Integer.parseInt(System.getenv().getOrDefault("BENCH_QUEUED", QUEUED));
        }

        ThreeServices services() {
            return services;
        }

        Workload workload() {
            return workload;
        }

        Medians medians() {
            return medians;
        }

        RunningShop shop() {
            return services.shop().shop();
        }

        long number() {
            return number;
        }

        int queued() {
            return queued;
        }

        int overloadSeconds() {
            return settings.choose(4, 600);
        }

        void used(int orders) {
            number += orders;
        }

        void say(String format, Object... arguments) {
            settings.say(format, arguments);
        }

        double saturate(int orders) throws InterruptedException {
            LoadResult result = services.saturate(number, orders, IN_FLIGHT);
            number += orders;
            return result.perSecond();
        }

        /** Acceptance for some seconds at that rate. */
        Tally acceptance(double perSecond) throws InterruptedException {
            try (Traffic traffic = Traffic.start(services, workload, number, perSecond)) {
                during(traffic);
                Tally tally = traffic.end(PATIENCE);
                medians.note("lost", tally.lost());
                number += tally.orders();
                return tally;
            }
        }

        /** What becomes of a traffic's orders within some seconds; those that have no answer yet by then are no part of it. */
        Tally during(Traffic traffic) {
            Pause.of(Duration.ofSeconds(settings.choose(3, 30)));
            return traffic.tally();
        }

        /** Places orders until so many messages wait for stock as are asked for. */
        void place(Backlog backlog) throws IOException, InterruptedException, TimeoutException {
            backlog.place(number, queued);
            number += queued;
            long start = System.nanoTime();
            while (waitingForStock() < queued) {
                if (System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw new IllegalStateException("Only " + waitingForStock() + " messages wait for stock");
                }
                LockSupport.parkNanos(200_000_000);
            }
        }

        int waitingForStock() throws IOException, TimeoutException {
            try (Connection connection =
                            shop().broker().adminConnectionFactory().newConnection("overload");
                    Channel channel = connection.createChannel()) {
                return (int) channel.messageCount("stock.inbox");
            }
        }

        /** Live heap of each service in MiB. */
        Map<String, Double> heaps() throws IOException, InterruptedException {
            Map<String, Long> javaMachines = new LinkedHashMap<>(services.processes());
            javaMachines.keySet().retainAll(CONTEXTS);
            return Heap.usedAfterCollection(javaMachines);
        }
    }
}
