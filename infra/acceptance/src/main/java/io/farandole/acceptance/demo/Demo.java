package io.farandole.acceptance.demo;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * Plays demos against running services, one after the other, and prints what happens. Exit code 0 if each came to its expected end, 1 if
 * one did not, 2 if a service cannot be reached or there is no such demo.
 *
 * <p>{@code java -cp infra/acceptance/target/classes io.farandole.acceptance.demo.Demo [NAME...]}, all of them without a name. Where the
 * services are is read from the environment: {@code ORDER_URL}, {@code STOCK_URL} and so on, base URLs. Needs nothing but the JDK.
 */
public final class Demo {

    /** Each is new for every run, and may be played again on the same data. */
    private static final Map<String, Function<Addresses, Story>> STORIES = new LinkedHashMap<>();

    static {
        STORIES.put("orders", Orders::danced);
        STORIES.put("coordinator", Orders::conducted);
        STORIES.put("commands", Commands::new);
        STORIES.put("flash-sale", FlashSale::new);
        STORIES.put("registration", Registration::new);
        STORIES.put("transfer", Transfers::new);
        STORIES.put("payroll", Payrolls::new);
    }

    private Demo() {}

    /** A story that is played over HTTP, as users would. */
    @FunctionalInterface
    interface Story {

        /**
         * Plays it, and prints a line for each fact as it happens.
         *
         * @return whether all came as expected; what did not has been printed
         */
        boolean play() throws IOException, InterruptedException, ExecutionException;
    }

    /** Base URLs by service: {@code order} is what the environment calls {@code ORDER_URL}. */
    record Addresses(Map<String, String> environment) {

        /** Fails if it is not set. */
        String of(String service) {
            return setting(service.toUpperCase(Locale.ROOT).replace('-', '_') + "_URL");
        }

        /** What the environment says. Fails if it is not set. */
        String setting(String variable) {
            String value = environment.get(variable);
            if (value == null || value.isBlank()) {
                throw new IllegalArgumentException(variable + " is not set: infra/run sets it, or for a service that"
                        + " runs elsewhere its base URL, such as http://127.0.0.1:8081");
            }
            return value;
        }
    }

    public static void main(String[] names) throws InterruptedException {
        List<String> chosen = names.length == 0 ? List.copyOf(STORIES.keySet()) : List.of(names);
        for (String name : chosen) {
            if (!STORIES.containsKey(name)) {
                System.err.println(
                        "There is no demo '" + name + "'. There are: " + String.join(", ", STORIES.keySet()));
                System.exit(2);
            }
        }
        try {
            System.exit(play(chosen, new Addresses(System.getenv())) ? 0 : 1);
        } catch (IOException | ExecutionException | IllegalArgumentException failed) {
            System.out.println("  The demo broke off: " + failed.getMessage());
            System.exit(2);
        }
    }

    private static boolean play(List<String> chosen, Addresses addresses)
            throws IOException, InterruptedException, ExecutionException {
        boolean good = true;
        for (String name : chosen) {
            if (chosen.size() > 1) {
                System.out.printf("%n  -- %s --%n", name);
            }
            boolean asExpected =
                    Objects.requireNonNull(STORIES.get(name)).apply(addresses).play();
            if (!asExpected) {
                System.out.println("  Demo " + name + " did NOT come to its expected end.");
            }
            good &= asExpected;
        }
        return good;
    }
}
