package io.farandole.acceptance.chaos;

import io.farandole.acceptance.chaos.Fault.Lane;
import io.farandole.acceptance.checker.JournalReader;
import io.farandole.acceptance.checker.ShopAddresses;
import io.farandole.acceptance.checker.Violation;
import io.farandole.acceptance.shop.Customers;
import io.farandole.acceptance.shop.Echo;
import io.farandole.acceptance.shop.RunningShop;
import io.farandole.acceptance.shop.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * One run: a shop with two instances of every service on servers of its own, customers, every message twice, and the faults of a
 * {@link Schedule}. When the time is up all faults are healed, every accepted order must end within a bound, and the checker must find
 * nothing. Used by one thread.
 */
final class ChaosRun {

    private static final Duration SETTLED_WITHIN = Duration.ofMinutes(5);
    private static final long POLL_MILLIS = 1_000;
    private static final List<String> CONTEXTS = ShopAddresses.CONTEXTS;

    private final long seed;
    private final Duration length;
    private final Consumer<String> teller;
    private final AtomicInteger strikes = new AtomicInteger();
    private final AtomicInteger skipped = new AtomicInteger();
    private final Overtakings overtakings = new Overtakings();
    private final List<String> problems = new ArrayList<>();
    private long settledAfterSeconds = -1;

    /**
     * A run that has not begun.
     *
     * @param teller is told, line by line, what happens
     */
    ChaosRun(long seed, Duration length, Consumer<String> teller) {
        this.seed = seed;
        this.length = length;
        this.teller = teller;
    }

    /**
     * Runs for the time given, and until all has settled or the bound has passed.
     *
     * @throws Exception if the shop could not be started, or a fault not be healed: no verdict then
     */
    Verdict run() throws Exception {
        try (Ways ways = new Ways();
                RunningShop shop = RunningShop.open(layout(ways))) {
            shop.addInstances();
            Customers.receive(shop.address("stock"), Customers.PLENTY, 1_000_000);
            Customers.receive(shop.address("stock"), Customers.NOTHING, 1);
            teller.accept("two instances of every service are ready");
            List<ServiceProcess> instances = CONTEXTS.stream()
                    .flatMap(context -> shop.instances(context).stream())
                    .toList();
            Poison poison = new Poison(shop);
            // A shop that starts slowly may be away for most of a run; what counts is that it takes orders once all is
            // healed.
            URI[] orders = shop.instances("order").stream()
                    .map(ServiceProcess::address)
                    .toArray(URI[]::new);
            Crowd crowd = new Crowd(new Customers(length.plus(SETTLED_WITHIN), orders), seed);
            try (Supervisor supervisor = new Supervisor(instances);
                    Echo echo = new Echo(shop.broker(), shop.users())) {
                supervisor.start();
                crowd.start();
                long began = System.nanoTime();
                disturb(new Nemesis(shop, supervisor, ways, poison, overtakings), crowd, began);
                long healed = System.nanoTime();
                crowd.goHome();
                settle(shop, supervisor, crowd, healed);
                problems.addAll(poison.faults());
                supervisor.endedByThemselves().forEach(it -> problems.add(it + " ended by itself; its log tells why"));
                return new Verdict(
                        seed,
                        TimeUnit.NANOSECONDS.toSeconds(healed - began),
                        strikes.get(),
                        skipped.get(),
                        crowd.customers().accepted().size(),
                        crowd.customers().askedAgain(),
                        crowd.cancelled(),
                        echo.count(),
                        poison.count(),
                        supervisor.startedAgain(),
                        settledAfterSeconds,
                        List.copyOf(problems));
            }
        }
    }

    private static RunningShop.Layout layout(Ways ways) {
        RunningShop.Layout quick = RunningShop.Layout.QUICK;
        List<String> options = new ArrayList<>(quick.javaOptions());
        // Memory that grows without bound ends the process, and that is told.
        options.add("-XX:+ExitOnOutOfMemoryError");
        return new RunningShop.Layout(options, quick.databaseUrl()).withSurroundings(ways::surroundings);
    }

    /** Both lanes to their ends, then everything healed. */
    private void disturb(Nemesis nemesis, Crowd crowd, long began) throws Exception {
        Schedule schedule = Schedule.of(seed, length);
        List<Throwable> failures = new ArrayList<>();
        List<Thread> lanes = new ArrayList<>();
        for (Lane lane : Lane.values()) {
            Thread thread = new Thread(
                    () -> {
                        try {
                            for (Strike strike : schedule.lane(lane)) {
                                strike(nemesis, strike, crowd, began);
                            }
                        } catch (Exception | Error e) {
                            synchronized (failures) {
                                failures.add(e);
                            }
                        }
                    },
                    "chaos-" + lane.name().toLowerCase(Locale.ROOT));
            thread.start();
            lanes.add(thread);
        }
        for (Thread lane : lanes) {
            lane.join();
        }
        synchronized (failures) {
            if (!failures.isEmpty()) {
                throw new IllegalStateException(
                        "A fault could not be made or healed: this run says nothing", failures.get(0));
            }
        }
        waitUntil(began + length.toNanos());
        nemesis.healAll();
        teller.accept("all faults are healed");
    }

    private void strike(Nemesis nemesis, Strike strike, Crowd crowd, long began) throws Exception {
        waitUntil(began + strike.at().toNanos());
        long late = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)
                - strike.at().toSeconds();
        teller.accept(String.format(
                Locale.ROOT,
                "%s%s   (%d orders accepted)",
                strike,
                late > 1 ? ", " + late + " s late" : "",
                crowd.customers().placed()));
        try {
            nemesis.strike(strike);
            strikes.incrementAndGet();
        } catch (Nemesis.SkippedException e) {
            skipped.incrementAndGet();
            teller.accept("       could not strike: " + e.getMessage());
        }
    }

    private static void waitUntil(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void settle(RunningShop shop, Supervisor supervisor, Crowd crowd, long healed) throws Exception {
        problems.addAll(crowd.failures());
        long giveUp = System.nanoTime() + SETTLED_WITHIN.toNanos();
        List<String> open = List.of("nothing was looked at");
        while (System.nanoTime() < giveUp) {
            open = stillOpen(shop, supervisor, crowd);
            if (open.isEmpty()) {
                settledAfterSeconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - healed);
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
        }
        problems.addAll(open);
    }

    /** What has not ended, or is wrong, now. The cheap questions come first: the checker reads every journal and every order. */
    private List<String> stillOpen(RunningShop shop, Supervisor supervisor, Crowd crowd) throws InterruptedException {
        List<String> open = new ArrayList<>();
        try {
            if (!supervisor.allReady()) {
                open.add("not every instance is ready");
                return open;
            }
            for (String context : CONTEXTS) {
                ShopAddresses.Database database = shop.database(context);
                try (Connection connection =
                        DriverManager.getConnection(database.url(), database.user(), database.password())) {
                    JournalReader.openWork(connection, context).forEach(work -> open.add("not ended: " + work));
                }
                open.addAll(leftInTheQueue(shop, context));
            }
            if (open.isEmpty()) {
                List<Violation> violations = shop.violations(crowd.customers().accepted());
                overtakings.unexplained(violations).forEach(violation -> open.add(violation.toString()));
            }
        } catch (IOException | TimeoutException | SQLException e) {
            open.add("cannot be read: " + e);
        }
        return open;
    }

    private static List<String> leftInTheQueue(RunningShop shop, String context) throws IOException, TimeoutException {
        try (com.rabbitmq.client.Connection connection =
                        shop.broker().adminConnectionFactory().newConnection("chaos-look");
                com.rabbitmq.client.Channel channel = connection.createChannel()) {
            long waiting = channel.messageCount(context + ".inbox");
            return waiting == 0 ? List.of() : List.of(waiting + " messages wait in " + context + ".inbox");
        }
    }
}
