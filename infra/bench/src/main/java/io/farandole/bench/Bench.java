package io.farandole.bench;

import java.util.Arrays;
import java.util.List;

/** The command line of the benchmarks; {@code infra/bench.sh} calls it. */
public final class Bench {

    private Bench() {}

    /** Runs the benchmark that the first argument names; ends with status 2 if there is none of that name. */
    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(Arrays.asList(arguments));
        if (options.name().equals("append-to-handler")) {
            new AppendToHandler(options).run();
            return;
        }
        if (options.name().equals("cost-of-an-order")) {
            CostOfAnOrder.Result result = new CostOfAnOrder(1_000, 4_000).run();
            System.out.println(CostOfAnOrder.table(result));
            List<String> exceeded = Budget.load().exceededBy(result);
            exceeded.forEach(System.out::println);
            System.exit(exceeded.isEmpty() ? 0 : 1);
            return;
        }
        System.err.println(
                "There is no benchmark '" + options.name() + "'. There are: append-to-handler, cost-of-an-order");
        System.exit(2);
    }
}
