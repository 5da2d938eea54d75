package io.farandole.bench;

import java.nio.file.Path;
import java.util.List;

/**
 * What to run.
 *
 * @param name of the benchmark
 * @param rounds how often each contender runs, in turn; the median round counts
 * @param samples how many measurements per round
 * @param results where the JSON goes
 */
record Options(String name, int rounds, int samples, Path results) {

    static Options parse(List<String> arguments) {
        String name = arguments.isEmpty() ? "" : arguments.get(0);
        int rounds = 5;
        int samples = 40;
        Path results = Path.of("infra/bench/results");
        for (int i = 1; i < arguments.size(); i++) {
            String[] option = arguments.get(i).split("=", 2);
            switch (option[0]) {
                case "--rounds" -> rounds = Integer.parseInt(option[1]);
                case "--samples" -> samples = Integer.parseInt(option[1]);
                case "--results" -> results = Path.of(option[1]);
                default ->
                    throw new IllegalArgumentException(
                            "There is no option '" + option[0] + "'. There are --rounds=, --samples= and --results=");
            }
        }
        return new Options(name, rounds, samples, results);
    }
}
