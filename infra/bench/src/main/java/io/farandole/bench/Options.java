package io.farandole.bench;

import java.nio.file.Path;
import java.util.List;

/**
 * What the command line asks for.
 *
 * @param name of the benchmark, of several with commas between them, or {@code all}; empty to be told which there are
 * @param again whether {@code all} starts over
 * @param settings how to run
 */
record Options(String name, boolean again, Settings settings) {

    static Options parse(List<String> arguments) {
        String name = arguments.isEmpty() ? "" : arguments.get(0);
        boolean quick = false;
        boolean again = false;
        int rounds = 0;
        Path results = Path.of("infra/bench/results");
        for (String argument : arguments.subList(Math.min(1, arguments.size()), arguments.size())) {
            String[] option = argument.split("=", 2);
            switch (option[0]) {
                case "--quick" -> quick = true;
                case "--again" -> again = true;
                case "--rounds" -> rounds = Integer.parseInt(valueOf(option));
                case "--results" -> results = Path.of(valueOf(option));
                default ->
                    throw new IllegalArgumentException("There is no option '" + option[0]
                            + "'. There are --quick, --again, --rounds= and --results=");
            }
        }
        int defaultRounds = quick ? Settings.QUICK_ROUNDS : Settings.ROUNDS;
        return new Options(name, again, new Settings(quick, rounds == 0 ? defaultRounds : rounds, results));
    }

    private static String valueOf(String[] option) {
        if (option.length < 2 || option[1].isEmpty()) {
            throw new IllegalArgumentException("The option " + option[0] + " needs a value: " + option[0] + "=...");
        }
        return option[1];
    }
}
