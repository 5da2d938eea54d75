package io.farandole.shop.payment.transfer.bank;

import io.farandole.shop.payment.transfer.bank.BankAnswer.Kind;
import io.farandole.testservers.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * An instance in a process of its own: asks for one transfer, and dies at the n-th moment of it, or asks until it is known and
 * nothing is in doubt any more. Prints each answer.
 */
final class XaProgram {

    /** How many moments a transfer has: five at each of two banks. */
    static final int MOMENTS = 10;

    static final int HALTED = 137;

    private XaProgram() {}

    /**
     * Begins such a process.
     *
     * @param dieAt at which moment it dies, from 1 on; 0 for never
     */
    static Process begin(TwoBanks banks, Path store, String node, TransferOrder order, int dieAt) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                XaProgram.class.getName(),
                store.toString(),
                node,
                Integer.toString(dieAt),
                order.transferId(),
                order.from().bank(),
                order.from().account(),
                order.to().bank(),
                order.to().account(),
                Long.toString(order.amount().minor())));
        banks.settings().forEach((name, bank) -> command.addAll(List.of(name, bank.url(), bank.username())));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        banks.settings().forEach((name, bank) -> builder.environment().put("PASSWORD_" + name, bank.password()));
        return builder.start();
    }

    /** What it printed, once it has ended, and how it ended. */
    record End(int status, String output) {}

    static End end(Process process) throws IOException, InterruptedException {
        StringBuilder output = new StringBuilder();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.append(line).append('\n');
            }
        }
        if (!process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new End(process.waitFor(), output.toString());
    }

    /** See {@link #begin}. */
    public static void main(String[] arguments) throws Exception {
        Path store = Path.of(arguments[0]);
        int dieAt = Integer.parseInt(arguments[2]);
        TransferOrder order = TwoBanks.order(
                arguments[3],
                new BankAccount(arguments[4], arguments[5]),
                new BankAccount(arguments[6], arguments[7]),
                Long.parseLong(arguments[8]));
        Map<String, BankSettings> settings = new LinkedHashMap<>();
        for (int i = 9; i < arguments.length; i += 3) {
            String password = System.getenv("PASSWORD_" + arguments[i]);
            settings.put(
                    arguments[i],
                    new BankSettings(arguments[i + 1], arguments[i + 2], password == null ? "" : password));
        }
        AtomicInteger moments = new AtomicInteger();
        XaMoments halting = (moment, bank) -> {
            if (moments.incrementAndGet() == dieAt) {
                System.out.println("HALTED " + moment + " " + bank);
                System.out.flush();
                Runtime.getRuntime().halt(HALTED);
            }
        };
        XaSettings xa = new XaSettings(store, arguments[1], Duration.ofMillis(200), Duration.ofMillis(500));
        try (Banks banks = new Banks(settings, TwoBanks.TIMEOUTS, 4);
                XaTransfers transfers = new XaTransfers(banks, TwoBanks.TIMEOUTS, xa, halting)) {
            long end = System.nanoTime() + Patience.UNTIL_HUNG.toNanos();
            BankAnswer answer = transfers.transfer(order);
            System.out.println("ANSWER " + answer);
            while (answer.kind() == Kind.UNKNOWN && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(100);
                answer = transfers.transfer(order);
                System.out.println("ANSWER " + answer);
            }
            System.out.println("LISTENS AT " + listening());
            System.out.println("END " + answer.kind() + " after " + moments.get() + " moments");
        }
    }

    /** How many ports this process listens at; Linux tells. */
    private static long listening() throws IOException {
        Set<String> own = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.filter(Files::isSymbolicLink).toList()) {
                String target = Files.readSymbolicLink(descriptor).toString();
                if (target.startsWith("socket:[")) {
                    own.add(target.substring("socket:[".length(), target.length() - 1));
                }
            }
        } catch (NoSuchFileException closedMeanwhile) {
            return listening();
        }
        long listening = 0;
        for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
            listening += Files.readAllLines(Path.of(table)).stream()
                    .map(line -> List.of(line.strip().split("\\s+")))
                    .filter(columns ->
                            columns.size() > 9 && columns.get(3).equals("0A") && own.contains(columns.get(9)))
                    .count();
        }
        return listening;
    }
}
