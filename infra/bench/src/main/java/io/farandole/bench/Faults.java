package io.farandole.bench;

import io.farandole.bench.load.LoadResult;
import io.farandole.bench.load.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** B9: at half load something dies and comes back; how long until orders that were placed afterwards are completed. */
final class Faults implements Benchmark {

    private static final int IN_FLIGHT = 512;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** What a service may take beyond its own start, and a connection to the database to be opened again. */
    private static final double SERVICE_SECONDS = 3;

    /** What may pass from the broker's first answer, or from the loss of connections to it. */
    private static final double BROKER_SECONDS = 5;

    @Override
    public String name() {
        return "faults";
    }

    @Override
    public String about() {
        return "at half load services are killed, connections reset, the broker away: time to the first order completed; lost, doubled";
    }

    @Override
    public Kept keeps(boolean quick) {
        return quick ? Kept.CONTENDERS : Kept.NOTHING;
    }

    @Override
    public Outcome run(Settings settings) throws Exception {
        Outcome.Builder outcome = Outcome.of(name());
        int rounds = settings.quick() ? 1 : settings.rounds();
        int warmUp = settings.choose(250, 10_000);
        Workload workload = settings.workload();
        Medians medians = new Medians();
        try (Contenders contenders = settings.quick()
                ? Contenders.openServices(workload, settings, Map.of())
                : Contenders.ofServices(workload, new ShopOnTheBench(ThreeServices.javaOptions(settings)))) {
            ThreeServices services = contenders.services();
            if (!services.hadOrders(warmUp)) {
                services.saturate(0, warmUp, IN_FLIGHT);
            }
            LoadResult most = services.saturate(warmUp, warmUp, IN_FLIGHT);
            double rate = Math.max(1, most.perSecond() / 2);
            settings.say("half load is %.0f orders/s", rate);
            List<Fault> faults = faults(services.shop(), settings);
            try (Traffic traffic = Traffic.start(services, workload, 2L * warmUp, rate)) {
                traffic.awaitEndOfOneSentAfter(System.nanoTime(), PATIENCE);
                for (int round = 1; round <= rounds; round++) {
                    for (Fault fault : faults) {
                        strike(fault, traffic, medians, settings);
                    }
                }
                finish(traffic, services, outcome);
            }
            faults.forEach(fault -> figures(outcome, fault, medians));
            outcome.remark(String.format("half load: %.1f orders/s, open loop; %d round(s)", rate, rounds));
        }
        outcome.remark(
                "a service's own start is that of the same restart, process start to readiness, under the same load");
        outcome.remark("everything is on one machine: a service that starts takes time from those that work");
        if (settings.quick()) {
            outcome.remark(
                    "quick: payment is killed only; connections are not reset, the broker stays; only the first compiler works");
        }
        return outcome.build();
    }

    private static List<Fault> faults(ShopOnTheBench shop, Settings settings) {
        Striking striking = new Striking(shop);
        List<Fault> faults = new ArrayList<>();
        for (String context : settings.quick() ? List.of("payment") : List.of("order", "stock", "payment")) {
            faults.add(new Fault(context + " service killed", SERVICE_SECONDS, true, () -> striking.kill(context)));
        }
        if (!settings.quick()) {
            for (String context : List.of("order", "stock", "payment")) {
                faults.add(new Fault(
                        context + " service's database connections reset",
                        SERVICE_SECONDS,
                        false,
                        () -> striking.resetDatabase(context)));
                faults.add(new Fault(
                        context + " service's broker connections closed",
                        BROKER_SECONDS,
                        false,
                        () -> striking.closeBrokerConnections(context)));
            }
            faults.add(new Fault("broker away 60 s", BROKER_SECONDS, false, striking::stopBroker));
        }
        return faults;
    }

    private static void strike(Fault fault, Traffic traffic, Medians medians, Settings settings) throws Exception {
        Struck struck = fault.strike().now();
        double until = (traffic.awaitEndOfOneSentAfter(struck.at(), PATIENCE) - struck.backAt()) / 1e9;
        medians.note(fault.name(), until);
        medians.note(fault.name() + ", own start", struck.ownStartSeconds());
        medians.note(fault.name() + ", beyond", until - struck.ownStartSeconds());
        // The next fault meets a shop that has caught up with this one.
        traffic.awaitEndsOfThoseSentBefore(System.nanoTime(), PATIENCE);
        settings.say("%-46s %6.2f s, own start %5.2f s", fault.name(), until, struck.ownStartSeconds());
    }

    private static void finish(Traffic traffic, ThreeServices services, Outcome.Builder outcome) throws Exception {
        Tally tally = traffic.end(PATIENCE);
        VoidRunException.ifAny("three services", services.books().faults());
        VoidRunException.ifAny("three services", services.moreFaults());
        outcome.figure(Figure.of("accepted orders lost", "orders", tally.lost()).atMost(0));
        outcome.figure(Figure.of("effects doubled", "events", (double)
                        services.shop().records().doubled())
                .atMost(0));
        outcome.figure(Figure.of("accepted", "orders", tally.accepted()));
        outcome.figure(Figure.of("refused with Retry-After", "orders", tally.refused()));
        outcome.figure(Figure.of("refused without Retry-After", "orders", tally.refusedWithoutRetryAfter()));
        outcome.figure(Figure.of("answered otherwise", "orders", tally.failed()));
        outcome.figure(Figure.of("without an answer", "orders", tally.unanswered() + tally.notSent()));
        outcome.held("books and the checker's invariants for all orders that were accepted, after all faults");
        outcome.remark(
                "an order without an answer may have been taken or not; it is not sent again, and must end if it was taken");
    }

    private static void figures(Outcome.Builder outcome, Fault fault, Medians medians) {
        double until = medians.of(fault.name());
        if (fault.restarts()) {
            outcome.figure(Figure.of(fault.name() + ": process start to first order completed", "s", until)
                    .against("its own start", medians.of(fault.name() + ", own start")));
            outcome.figure(
                    Figure.of(fault.name() + ": beyond its own start", "s", medians.of(fault.name() + ", beyond"))
                            .atMost(fault.limitSeconds()));
        } else {
            outcome.figure(Figure.of(fault.name() + ": back to first order completed", "s", until)
                    .atMost(fault.limitSeconds()));
        }
    }

    /**
     * Something that happens.
     *
     * @param name what it is
     * @param limitSeconds to the first completed order, once what was away is back
     * @param restarts whether a service has to start, which counts as its own start
     * @param strike makes it happen
     */
    private record Fault(String name, double limitSeconds, boolean restarts, Strike strike) {}

    /** Makes it happen, and returns once what was away is back. */
    private interface Strike {
        Struck now() throws Exception;
    }

    /**
     * It has happened. Times are of {@link System#nanoTime()}.
     *
     * @param at when it was done: no order that was sent later can have been completed without what was away
     * @param backAt when what was away was back, or its process was started
     * @param ownStartSeconds from its process' start to its readiness; 0 for what is no service
     */
    record Struck(long at, long backAt, double ownStartSeconds) {}
}
