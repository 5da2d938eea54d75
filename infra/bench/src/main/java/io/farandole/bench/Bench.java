package io.farandole.bench;

import java.util.Arrays;

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
        System.err.println("There is no benchmark '" + options.name() + "'. There is: append-to-handler");
        System.exit(2);
    }
}
