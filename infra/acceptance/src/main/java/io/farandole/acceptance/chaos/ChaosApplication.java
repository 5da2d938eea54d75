package io.farandole.acceptance.chaos;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/**
 * Chaos from the command line, {@code infra/chaos.sh}: {@code --minutes=N} (default 10) and {@code --seed=S} (default: drawn). Prints the
 * seed, each fault as it happens, and the verdict. Exit code 0 if the run passed, 1 if it did not, 2 if it could not be run.
 */
public final class ChaosApplication {

    private static final int LONGEST_MINUTES = 24 * 60;

    private ChaosApplication() {}

    public static void main(String[] args) {
        System.exit(run(new PrintStream(System.out, true, StandardCharsets.UTF_8), args));
    }

    private static int run(PrintStream out, String... args) {
        long seed = new SecureRandom().nextInt(1_000_000);
        int minutes = 10;
        try {
            for (String arg : args) {
                if (arg.startsWith("--minutes=")) {
                    minutes = Integer.parseInt(arg.substring("--minutes=".length()));
                } else if (arg.startsWith("--seed=")) {
                    seed = Long.parseLong(arg.substring("--seed=".length()));
                } else {
                    throw new IllegalArgumentException("there is no option " + arg);
                }
            }
            if (minutes < 1 || minutes > LONGEST_MINUTES) {
                throw new IllegalArgumentException("--minutes must be between 1 and " + LONGEST_MINUTES);
            }
        } catch (IllegalArgumentException e) {
            out.println(e.getMessage() + "; known are --minutes=N and --seed=S");
            return 2;
        }
        out.println("seed " + seed + ", " + minutes + " min; the same again: infra/chaos.sh --minutes=" + minutes
                + " --seed=" + seed);
        try {
            Verdict verdict = new ChaosRun(
                            seed,
                            Duration.ofMinutes(minutes),
                            line -> out.println(LocalTime.now(ZoneId.systemDefault())
                                            .truncatedTo(ChronoUnit.SECONDS) + "  " + line))
                    .run();
            out.println(verdict);
            return verdict.passed() ? 0 : 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 2;
        } catch (Exception e) {
            out.println("The run could not be made: " + e);
            e.printStackTrace(out);
            return 2;
        }
    }
}
