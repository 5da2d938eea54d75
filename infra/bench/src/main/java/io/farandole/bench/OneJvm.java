package io.farandole.bench;

import io.farandole.acceptance.checker.ShopAddresses;
import io.farandole.acceptance.shop.RunningShop;
import io.farandole.bench.load.Books;
import io.farandole.bench.load.ContenderSettings;
import io.farandole.bench.load.LoadResult;
import io.farandole.bench.load.Workload;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Ours with its three services, the payment provider and the load in one JVM ({@link OneJvmProgram}), as the raw program has them;
 * databases, broker and everything between the services are as with three.
 */
final class OneJvm implements Contender {

    /** What it is called among the contenders. */
    static final String NAME = "one JVM";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ShopOnTheBench shop;
    private final SpokenTo program;

    OneJvm(Workload workload, Settings settings) throws Exception {
        AtomicReference<SpokenTo> started = new AtomicReference<>();
        RunningShop running = RunningShop.open(
                new RunningShop.Layout(List.of(), UnaryOperator.identity()).withRabbit(OneBroker.ifQuick(settings)),
                (servers, environments) -> {
                    Map<String, String> variables =
                            new HashMap<>(told(servers, workload).toVariables());
                    variables.put(OneJvmProgram.CONTEXTS, JSON.writeValueAsString(environments));
                    SpokenTo services = SpokenTo.start(NAME, command(settings), variables);
                    started.set(services);
                    return services;
                });
        program = Objects.requireNonNull(started.get());
        shop = new ShopOnTheBench(running);
        boolean filled = false;
        try {
            Orders.fillShelves(shop.address("stock"), workload.items());
            filled = true;
        } finally {
            if (!filled) {
                shop.close();
            }
        }
    }

    private static List<String> command(Settings settings) {
        List<String> command = new ArrayList<>();
        command.add(SpokenTo.java());
        command.addAll(ThreeServices.javaOptions(settings));
        // Three services' heaps are in it: the later of two options counts.
        command.add("-Xmx1g");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), OneJvmProgram.class.getName()));
        return command;
    }

    private static ContenderSettings told(RunningShop servers, Workload workload) {
        ShopAddresses.Database order = servers.database("order");
        return Servers.settings(
                List.of(
                        order.url(),
                        servers.database("stock").url(),
                        servers.database("payment").url()),
                order.user(),
                order.password(),
                servers.broker(),
                workload);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public LoadResult saturate(long first, int orders, int inFlight) throws IOException {
        return program.saturate(first, orders, inFlight);
    }

    @Override
    public LoadResult open(long first, double rate, Duration duration) throws IOException {
        return program.open(first, rate, duration);
    }

    @Override
    public Books books() throws SQLException {
        shop.settle();
        return shop.records().books();
    }

    /** The load has seen the end of each order that was accepted, and the books count them: so the journal knows them all. */
    @Override
    public List<?> moreFaults() throws Exception {
        return shop.violations(shop.records().placed());
    }

    @Override
    public Map<String, Long> processes() {
        return Map.of(NAME, program.pid());
    }

    @Override
    public List<String> guarantees() {
        return List.of("As three services; it is for comparison with the raw program, nobody should run it so.");
    }

    @Override
    public void close() {
        shop.close();
    }
}
