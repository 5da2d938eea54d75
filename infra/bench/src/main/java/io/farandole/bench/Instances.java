package io.farandole.bench;

import io.farandole.bench.PlanningModel.Component;
import io.farandole.bench.load.LoadResult;
import io.farandole.bench.load.Workload;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** B1's saturation with one, two and three instances of every service, and what a model says of more machines. */
final class Instances implements Benchmark {

    private static final int IN_FLIGHT = 512;
    private static final int MACHINES_SHOWN = 8;
    private static final List<String> CONTEXTS = List.of("order", "stock", "payment");

    @Override
    public String name() {
        return "instances";
    }

    @Override
    public String about() {
        return "completed orders per second with 1, 2, 3 instances of every service on this machine, beside a planning model";
    }

    @Override
    public Kept keeps(boolean quick) {
        return quick ? Kept.CONTENDERS : Kept.NOTHING;
    }

    @Override
    public Outcome run(Settings settings) throws Exception {
        Outcome.Builder outcome = Outcome.of(name());
        int rounds = settings.quick() ? 1 : settings.rounds();
        int most = most(settings);
        Medians medians = new Medians();
        Map<String, Integer> holders = new TreeMap<>();
        for (int round = 1; round <= rounds; round++) {
            round(settings, medians, holders);
        }
        PlanningModel model = model(medians, holders);
        for (int instances = 1; instances <= most; instances++) {
            Figure measured =
                    Figure.of(instances + " instance(s) of every service", "orders/s", medians.of("rate " + instances));
            outcome.figure(
                    instances == 1 ? measured : measured.against("predicted from 1", model.onOneMachine(instances)));
        }
        for (int instances = 2; instances <= most; instances++) {
            outcome.figure(Figure.of(
                            "cores busy with orders, " + instances + " instances",
                            "cores",
                            medians.of("busy " + instances))
                    .against("1 instance", model.busyCores()));
            outcome.figure(Figure.of(
                            "CPU of everything, " + instances + " instances",
                            "ms per order",
                            medians.of("cost " + instances))
                    .against("1 instance", medians.of("cost 1")));
        }
        model.components()
                .forEach(component -> outcome.figure(Figure.of(
                        "CPU of " + component.name() + ", 1 instance", "ms per order", component.millisPerOrder())));
        outcome.figure(Figure.of("CPU of an idle instance of every service", "cores", model.idleCores()));
        outcome.figure(Figure.of(
                "predicted limit by " + model.bottleneck().name(),
                "orders/s",
                model.onMachines(model.enoughMachines())));
        outcome.figure(Figure.of("machines from which on one more adds nothing", "machines", model.enoughMachines()));
        outcome.curve(Curve.of("orders per second by instances of every service, one machine", "instances", "orders/s")
                .with("measured", points(most, instances -> medians.of("rate " + instances)))
                .with("predicted from 1", points(most, model::onOneMachine)));
        outcome.curve(Curve.of("predicted orders per second by machines", "machines like this one", "orders/s")
                .with("predicted", points(MACHINES_SHOWN, model::onMachines)));
        remarks(outcome, settings, rounds, holders);
        return outcome.build();
    }

    private interface Rate {
        double of(int count);
    }

    private static List<Point> points(int most, Rate rate) {
        return IntStream.rangeClosed(1, most)
                .mapToObj(count -> new Point(count, rate.of(count)))
                .toList();
    }

    private static int most(Settings settings) {
        return settings.choose(2, 3);
    }

    private static void remarks(Outcome.Builder outcome, Settings settings, int rounds, Map<String, Integer> holders) {
        outcome.held("books after each number of instances, and the checker's invariants of all orders after the last");
        outcome.remark("instances are added to a running shop, with a warm-up each; " + rounds + " round(s)");
        outcome.remark("instances that hold segments of processors, with " + most(settings) + " there: " + holders
                + "; an instance without any only takes POSTs");
        outcome.remark(
                "the model: CPU per order is the same with more instances; the processors are what is short; an idle instance"
                        + " takes what it was measured to take");
        outcome.remark(
                "where busy cores differ, others used the machine; where the CPU of an order falls, Java became warmer:"
                        + " then the prediction is not put to the test");
        outcome.remark(
                "the model for machines: work divides as one likes, except that a service spreads over no more machines than"
                        + " instances held segments, and PostgreSQL and RabbitMQ over one each; load and provider are left out");
        if (settings.quick()) {
            outcome.remark("quick: only the first compiler works");
        }
    }

    private static void round(Settings settings, Medians medians, Map<String, Integer> holders) throws Exception {
        int warmUp = settings.choose(100, 10_000);
        int orders = settings.choose(150, 10_000);
        int idleSeconds = settings.choose(2, 20);
        Workload workload = settings.workload();
        try (Contenders contenders = Contenders.openServices(workload, settings, Map.of())) {
            ThreeServices services = contenders.services();
            ShopOnTheBench shop = services.shop();
            long placed = 0;
            for (int instances = 1; instances <= most(settings); instances++) {
                if (instances > 1) {
                    services.addInstances();
                }
                if (instances > 1 || !services.hadOrders(warmUp)) {
                    services.saturate(placed, warmUp, IN_FLIGHT);
                    placed += warmUp;
                }
                shop.settle();
                double idle = idleCores(shop, idleSeconds);
                medians.note("idle", idle / instances);
                Map<String, Double> before = cpu(shop);
                LoadResult result = services.saturate(placed, orders, IN_FLIGHT);
                Map<String, Double> after = cpu(shop);
                medians.note("rate " + instances, result.perSecond());
                noteCosts(medians, instances, before, after, result);
                VoidRunException.ifAny(services.name(), services.books().faults());
                checkDeclined(workload, placed, result);
                placed += orders;
                settings.say(
                        "%d instance(s)  %8.1f orders/s, segments %s", instances, result.perSecond(), segments(shop));
            }
            VoidRunException.ifAny(services.name(), services.moreFaults());
            for (String context : CONTEXTS) {
                holders.merge(
                        context,
                        Math.max(1, shop.records().segmentsPerInstance(context).size()),
                        Math::max);
            }
        }
    }

    private static void checkDeclined(Workload workload, long first, LoadResult result) {
        List<String> faults = new ArrayList<>();
        HotItem.expect(faults, "failed orders", 0, result.failed());
        HotItem.expect(faults, "cancelled orders", workload.declined(first, result.orders()), result.cancelled());
        VoidRunException.ifAny("three services", faults);
    }

    private static void noteCosts(
            Medians medians, int instances, Map<String, Double> before, Map<String, Double> after, LoadResult result) {
        double sum = 0;
        for (Map.Entry<String, Double> component : after.entrySet()) {
            double millis = component.getValue() - before.getOrDefault(component.getKey(), 0.0);
            if (instances == 1) {
                medians.note("cpu " + component.getKey(), millis / result.orders());
            }
            sum += millis;
        }
        medians.note("cost " + instances, sum / result.orders());
        medians.note("busy " + instances, sum * 1e6 / result.nanos());
    }

    private static PlanningModel model(Medians medians, Map<String, Integer> holders) {
        List<Component> components = new ArrayList<>();
        for (String context : CONTEXTS) {
            components.add(new Component(context, medians.of("cpu " + context), holders.getOrDefault(context, 1)));
        }
        components.add(new Component("PostgreSQL", medians.of("cpu PostgreSQL"), 1));
        components.add(new Component("RabbitMQ", medians.of("cpu RabbitMQ"), 1));
        components.add(new Component("provider", medians.of("cpu provider"), 0));
        components.add(new Component("load", medians.of("cpu load"), 0));
        return new PlanningModel(components, medians.of("busy 1"), medians.of("idle"));
    }

    private static List<List<Long>> segments(ShopOnTheBench shop) throws SQLException {
        List<List<Long>> segments = new ArrayList<>();
        for (String context : CONTEXTS) {
            segments.add(shop.records().segmentsPerInstance(context));
        }
        return segments;
    }

    /** Cores that the services take while there is nothing to do. */
    private static double idleCores(ShopOnTheBench shop, int seconds) {
        double before = services(shop);
        long start = System.nanoTime();
        Pause.of(Duration.ofSeconds(seconds));
        return (services(shop) - before) * 1e6 / (System.nanoTime() - start);
    }

    private static double services(ShopOnTheBench shop) {
        return Cpu.millis(shop.processes()).values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
    }

    /** Milliseconds so far by component; instances of a service together. */
    private static Map<String, Double> cpu(ShopOnTheBench shop) {
        Map<String, Double> millis = new TreeMap<>();
        Cpu.millis(shop.processes())
                .forEach((process, used) -> millis.merge(process.replaceFirst("-\\d+$", ""), used, Double::sum));
        millis.put("PostgreSQL", Cpu.millisOfTree(shop.shop().postgres().pid()));
        millis.put("RabbitMQ", Cpu.millisOfTree(shop.shop().rabbit().pid()));
        // Of this process alone: the services are its children.
        Duration load = ProcessHandle.current().info().totalCpuDuration().orElseThrow();
        millis.put("load", load.toNanos() / 1e6);
        return millis;
    }
}
