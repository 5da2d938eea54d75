package io.farandole.bench;

import io.farandole.bench.load.Workload;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * How benchmarks are to be run.
 *
 * @param quick with less of everything, in one round: to see that everything works
 * @param rounds how often each contender runs, in turn; the median counts; odd
 * @param results where the JSON and the charts go
 */
public record Settings(boolean quick, int rounds, Path results) {

    /** Rounds where nothing else is said. */
    public static final int ROUNDS = 5;

    /** Rounds of a quick run where nothing else is said. */
    public static final int QUICK_ROUNDS = 1;

    private static final int QUICK_ITEMS = 200;

    public Settings {
        if (rounds < 1 || rounds % 2 == 0) {
            throw new IllegalArgumentException("--rounds must be odd, so that there is a median; it is " + rounds);
        }
    }

    /** One of two amounts. */
    public int choose(int whenQuick, int otherwise) {
        return quick ? whenQuick : otherwise;
    }

    /** The workload of all benchmarks of the three services: with fewer products when quick, for the shelves have to be filled. */
    public Workload workload() {
        return new Workload(choose(QUICK_ITEMS, Workload.ITEMS));
    }

    /** What a quick run's figures of what runs in this Java machine have to say of it; {@code infra/bench.sh} starts it so. */
    static final String FIRST_COMPILER = "quick: only the first compiler works, for the baseline too";

    /** Tells people what is going on, with the minutes and seconds since this program was started. */
    public void say(String format, Object... arguments) {
        long seconds = ManagementFactory.getRuntimeMXBean().getUptime() / 1_000;
        System.out.printf(
                Locale.ROOT,
                "  %2d:%02d  %s%n",
                seconds / 60,
                seconds % 60,
                String.format(Locale.ROOT, format, arguments));
    }

    /** The checkout, from wherever in it this runs. */
    public static Path checkout() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.exists(directory.resolve("infra/bench.sh"))) {
            directory = directory.getParent();
        }
        if (directory == null) {
            throw new IllegalStateException("Not in a checkout: no directory above has infra/bench.sh");
        }
        return directory;
    }
}
