package io.farandole.bench;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.transfer.bank.TransferOrder;
import io.farandole.testservers.PrivatePostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Money from one bank's database to another's: with XA, and as a saga, beside one local transaction in one database. */
final class TransferBenchmark implements Benchmark {

    private static final int ACCOUNTS = 256;
    private static final int CALLERS = 8;
    private static final long PATIENCE_SECONDS = 300;
    private static final long SAMPLE_MILLIS = 20;

    @Override
    public String name() {
        return "transfer";
    }

    @Override
    public String about() {
        return "transfers between two banks' databases with XA and as a saga, beside one local transaction: rate, latency, locks, connections, flushes";
    }

    /** A way to transfer; opened anew for each phase, for sessions tell their figures when they end. */
    @FunctionalInterface
    private interface Way {
        OneTransfer open() throws Exception;
    }

    /** What is measured of each way. */
    private enum What {
        MANY(CALLERS + " callers", "transfers/s"),
        HOT(CALLERS + " callers, all with the same two accounts", "transfers/s"),
        LOCKED("the two rows locked by each, as those leave it", "ms"),
        MEDIAN("p50 alone", "ms"),
        SLOW("p99 alone", "ms"),
        FLUSHES("flushes of the banks' logs, alone", "per transfer"),
        SESSIONS("sessions in a transaction", "ms per transfer");

        private final String text;
        private final String unit;

        What(String text, String unit) {
            this.text = text;
            this.unit = unit;
        }
    }

    /** What a load came to. */
    private record Load(double perSecond, double p50, double p99, double flushes, double sessionMillis) {}

    @Override
    public Outcome run(Settings settings) throws Exception {
        Outcome.Builder outcome = Outcome.of(name());
        Medians medians = new Medians();
        Path log = Files.createTempDirectory("transfer-log");
        List<String> ways;
        try (PrivatePostgres postgres = PrivatePostgres.start();
                TransferBooks books = new TransferBooks(postgres.server(), ACCOUNTS)) {
            Map<String, Way> all = new LinkedHashMap<>();
            all.put("local", () -> OneTransfer.local(books));
            all.put("XA", () -> OneTransfer.xa(books, log));
            all.put("saga", () -> OneTransfer.saga(books));
            ways = List.copyOf(all.keySet());
            Transfers transfers = new Transfers(books);
            for (Map.Entry<String, Way> way : all.entrySet()) {
                transfers.load(way.getKey(), way.getValue(), settings.choose(50, 3_000), CALLERS, ACCOUNTS);
            }
            for (int round = 1; round <= settings.rounds(); round++) {
                for (Map.Entry<String, Way> way : all.entrySet()) {
                    measure(transfers, way.getKey(), way.getValue(), medians, settings, round);
                }
                VoidRunException.ifAny(books.toString(), books.faults(transfers.count()));
            }
        } finally {
            delete(log);
        }
        for (What what : What.values()) {
            for (String way : ways) {
                Figure figure = Figure.of(way + ": " + what.text, what.unit, medians.of(way + what));
                outcome.figure(way.equals("local") ? figure : figure.against("local", medians.of("local" + what)));
            }
        }
        outcome.held(
                "after each round: nothing prepared, each transfer done once at both sides, each account the sum of its"
                        + " entries, no money made or lost");
        outcome.remark(
                "both databases on one server with fsync on; XA also flushes its own log once per transfer, beside the"
                        + " flushes that are counted");
        outcome.remark(
                "the banks' part only: in the payment context a command, its journal and an outside call come on top, one"
                        + " call with XA, three with the saga");
        outcome.remark(
                "connections held by one transfer: local 1, XA 2 at once until both have committed, saga 1 at a time");
        outcome.remark("rows locked: the time that is left for each when all " + CALLERS
                + " callers want the same two rows, one after"
                + " the other; the saga locks the payer's row twice, and the payee's once");
        if (settings.quick()) {
            outcome.remark(Settings.FIRST_COMPILER);
        }
        return outcome.build();
    }

    private static void measure(
            Transfers transfers, String name, Way way, Medians medians, Settings settings, int round) throws Exception {
        Load many = transfers.load(name, way, settings.choose(200, 6_000), CALLERS, ACCOUNTS);
        Load hot = transfers.load(name, way, settings.choose(80, 2_000), CALLERS, 1);
        Load alone = transfers.load(name, way, settings.choose(60, 1_000), 1, ACCOUNTS);
        medians.note(name + What.MANY, many.perSecond());
        medians.note(name + What.HOT, hot.perSecond());
        medians.note(name + What.LOCKED, 1_000 / hot.perSecond());
        medians.note(name + What.MEDIAN, alone.p50());
        medians.note(name + What.SLOW, alone.p99());
        medians.note(name + What.FLUSHES, alone.flushes());
        medians.note(name + What.SESSIONS, many.sessionMillis());
        settings.say(
                "round %d  %-6s %8.0f/s, hot %6.0f/s, alone p50 %5.2f ms, p99 %5.2f ms, %.1f flushes",
                round, name, many.perSecond(), hot.perSecond(), alone.p50(), alone.p99(), alone.flushes());
    }

    /** Transfers of this run, each with an id of its own. */
    private static final class Transfers {

        private final TransferBooks books;
        private final AtomicLong count = new AtomicLong();

        Transfers(TransferBooks books) {
            this.books = books;
        }

        long count() {
            return count.get();
        }

        Load load(String name, Way way, int transfers, int callers, int accounts) throws Exception {
            long flushes = books.flushes();
            List<Long> nanos = Collections.synchronizedList(new ArrayList<>());
            AtomicInteger next = new AtomicInteger();
            ExecutorService pool = Executors.newFixedThreadPool(callers);
            long took;
            double sessions;
            try (OneTransfer open = way.open()) {
                long start = System.nanoTime();
                List<Future<?>> ends = new ArrayList<>();
                for (int caller = 0; caller < callers; caller++) {
                    ends.add(pool.submit(() -> {
                        for (int i = next.getAndIncrement(); i < transfers; i = next.getAndIncrement()) {
                            long from = System.nanoTime();
                            open.move(order(name, i % accounts));
                            nanos.add(System.nanoTime() - from);
                        }
                        return null;
                    }));
                }
                sessions = sessionsUntil(ends);
                for (Future<?> end : ends) {
                    end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                }
                took = System.nanoTime() - start;
            } finally {
                pool.shutdownNow();
            }
            List<Long> sorted = nanos.stream().sorted().toList();
            double perSecond = transfers * 1e9 / took;
            return new Load(
                    perSecond,
                    sorted.get(sorted.size() / 2) / 1e6,
                    sorted.get(sorted.size() * 99 / 100) / 1e6,
                    (double) (books.flushes() - flushes) / transfers,
                    sessions * 1_000 / perSecond);
        }

        /** The mean number of sessions in a transaction until all have ended. */
        private double sessionsUntil(List<Future<?>> ends) throws Exception {
            long sum = 0;
            long looks = 0;
            while (!ends.stream().allMatch(Future::isDone)) {
                sum += books.sessionsAtWork();
                looks++;
                TimeUnit.MILLISECONDS.sleep(SAMPLE_MILLIS);
            }
            return looks == 0 ? 0 : (double) sum / looks;
        }

        private TransferOrder order(String name, int account) {
            String to = name.equals("local") ? "a" : "b";
            return new TransferOrder(
                    name + "-" + count.incrementAndGet(),
                    TransferBooks.account("a", account),
                    TransferBooks.account(to, ACCOUNTS + account),
                    new Money(1, "EUR"));
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
