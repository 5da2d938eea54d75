package io.farandole.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** The command line of the benchmarks; {@code infra/bench.sh} calls it. */
public final class Bench {

    /** Every benchmark there is, in the order in which {@code all} runs them. */
    private static final List<Benchmark> BENCHMARKS = List.of(
            new AppendToHandler(),
            new RelayBenchmark(),
            new PayloadBenchmark(),
            new ReplayBenchmark(),
            new TransferBenchmark(),
            new CoordinatorBenchmark(),
            // When quick, one shop serves these one after the other: at last with a killed service, then with more of
            // them.
            new Throughput(),
            new Latency(),
            new HotItem(),
            new Overload(),
            new Faults(),
            new Instances(),
            // And another one these, while its journals and what waits in it grow.
            new CostBenchmark(),
            new JournalGrowth(),
            new OpenSagas());

    private Bench() {}

    /** Runs the benchmark that the first argument names, or all; ends with status 1 if one fails, 2 if there is none of that name. */
    public static void main(String[] arguments) throws IOException {
        Options options = Options.parse(Arrays.asList(arguments));
        System.exit(new Runner(BENCHMARKS, System.out, Machine.commit()).run(options));
    }
}
