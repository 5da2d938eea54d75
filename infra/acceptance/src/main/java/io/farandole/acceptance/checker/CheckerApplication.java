package io.farandole.acceptance.checker;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The checker from the command line, for a shop at rest: {@code eval "$(infra/services env)"} first, then optionally
 * {@code ORDER_URL}, {@code STOCK_URL}, {@code PAYMENT_URL} and {@code PROVIDER_URL}; {@code --accepted=FILE} names the orders
 * that were answered {@code 202}, one id per line. Prints a line per violation. Exit code 0 if there is none, 1 if there are
 * some, 2 if the shop cannot be read.
 */
public final class CheckerApplication {

    private CheckerApplication() {}

    public static void main(String[] args) throws InterruptedException {
        System.exit(run(new PrintStream(System.out, true, StandardCharsets.UTF_8), args));
    }

    private static int run(PrintStream out, String... args) throws InterruptedException {
        try {
            Sources sources = LiveSources.gather(ShopAddresses.of(System.getenv()), accepted(args));
            List<Violation> violations = Checker.check(sources);
            violations.forEach(out::println);
            out.println(Books.of(sources).orders().size() + " orders, " + violations.size() + " violations");
            return violations.isEmpty() ? 0 : 1;
        } catch (IllegalArgumentException | IOException | SQLException e) {
            out.println("The shop cannot be read: " + e.getMessage());
            return 2;
        }
    }

    private static Set<String> accepted(String... args) throws IOException {
        Set<String> accepted = new LinkedHashSet<>();
        for (String arg : args) {
            if (!arg.startsWith("--accepted=")) {
                throw new IllegalArgumentException("unknown argument " + arg + "; known is --accepted=FILE");
            }
            Files.readAllLines(Path.of(arg.substring("--accepted=".length()))).stream()
                    .filter(line -> !line.isBlank())
                    .forEach(line -> accepted.add(line.trim()));
        }
        return accepted;
    }
}
