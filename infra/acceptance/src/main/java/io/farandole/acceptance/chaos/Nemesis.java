package io.farandole.acceptance.chaos;

import io.farandole.acceptance.checker.ShopAddresses;
import io.farandole.acceptance.shop.RunningShop;
import io.farandole.acceptance.shop.ServiceProcess;
import io.farandole.testservers.TcpProxy;
import io.farandole.testservers.TcpProxy.Direction;
import io.farandole.testservers.TestBroker;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes a strike happen, waits as long as it lasts, and heals it. Two threads, one for each lane: what the lanes share, the broker
 * and its definitions, may be away when the other one wants it; healing tries again until it has worked.
 */
final class Nemesis {

    private static final Duration HEALED_WITHIN = Duration.ofMinutes(2);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long AGAIN_MILLIS = 300;
    private static final String NOTHING = "^$";

    private final RunningShop shop;
    private final Supervisor supervisor;
    private final Ways ways;
    private final Poison poison;
    private final Overtakings overtakings;

    Nemesis(RunningShop shop, Supervisor supervisor, Ways ways, Poison poison, Overtakings overtakings) {
        this.shop = shop;
        this.supervisor = supervisor;
        this.ways = ways;
        this.poison = poison;
        this.overtakings = overtakings;
    }

    /**
     * Strikes and heals; returns when it is healed.
     *
     * @throws SkippedException if it could not be made to happen because of the other lane's fault
     */
    void strike(Strike strike) throws Exception {
        switch (strike.fault()) {
            case KILL_INSTANCE -> kill(List.of(strike.target()), strike);
            case KILL_CONTEXT ->
                kill(
                        shop.instances(strike.target()).stream()
                                .map(ServiceProcess::name)
                                .toList(),
                        strike);
            case FREEZE_INSTANCE -> {
                supervisor.freeze(strike.target());
                last(strike);
                supervisor.wake(strike.target());
            }
            case KILL_BROKER -> {
                shop.rabbit().kill();
                last(strike);
                shop.rabbit().restart();
            }
            case FREEZE_BROKER -> {
                shop.rabbit().pause();
                last(strike);
                shop.rabbit().resume();
            }
            case KILL_DATABASES -> {
                shop.postgres().kill();
                last(strike);
                shop.postgres().restart();
            }
            case FREEZE_DATABASES -> {
                shop.postgres().pause();
                last(strike);
                shop.postgres().resume();
            }
            case FREEZE_PROVIDER -> {
                shop.provider().pause();
                last(strike);
                shop.provider().resume();
            }
            case CUT -> cut(ways.way(strike.target()), strike);
            case CUT_IN_TRANSIT, DELAY, HALF_OPEN, REFUSE -> disturb(ways.way(strike.target()), strike);
            case TERMINATE_SESSIONS -> terminateSessions(strike);
            case REVOKE_PERMISSION -> revokePermission(strike);
            case REMOVE_BINDING -> removeBinding(strike);
            case POISON -> publishPoison(strike);
        }
    }

    private static void last(Strike strike) {
        pause(strike.lasts().toMillis());
    }

    private static void pause(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void kill(List<String> instances, Strike strike) throws InterruptedException {
        for (String instance : instances) {
            supervisor.kill(instance);
        }
        last(strike);
        instances.forEach(supervisor::letStart);
    }

    private static void cut(TcpProxy way, Strike strike) {
        int times = 1 + strike.detail() % 5;
        for (int i = 0; i < times; i++) {
            way.cut();
            pause(strike.lasts().toMillis() / times);
        }
    }

    private static void disturb(TcpProxy way, Strike strike) {
        switch (strike.fault()) {
            case CUT_IN_TRANSIT -> way.cutAfter(direction(strike), strike.detail() / 8);
            case DELAY -> way.delay(direction(strike), Duration.ofMillis(20 + strike.detail() % 500));
            case HALF_OPEN -> way.blackhole(direction(strike));
            default -> way.refuse();
        }
        last(strike);
        way.heal();
        if (strike.fault() == Fault.HALF_OPEN) {
            way.cut();
        }
    }

    private static Direction direction(Strike strike) {
        return strike.detail() % 2 == 0 ? Direction.TO_SERVER : Direction.TO_CLIENT;
    }

    private void terminateSessions(Strike strike) throws SkippedException {
        int times = 1 + strike.detail() % 4;
        for (int i = 0; i < times; i++) {
            ShopAddresses.Database database = shop.database(strike.target());
            try (Connection connection =
                            DriverManager.getConnection(database.url(), database.user(), database.password());
                    Statement statement = connection.createStatement()) {
                statement.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                        + " where datname = current_database() and pid <> pg_backend_pid()");
            } catch (SQLException away) {
                throw new SkippedException("the database is away", away);
            }
            pause(strike.lasts().toMillis() / times);
        }
    }

    private void revokePermission(Strike strike) throws SkippedException {
        String context = strike.target();
        manage(
                "PUT",
                "permissions/" + shop.broker().vhost() + "/" + context,
                "{\"configure\":\"%s\",\"write\":\"%s\",\"read\":\".*\"}".formatted(NOTHING, NOTHING));
        last(strike);
        provideAgain(context);
    }

    private void removeBinding(Strike strike) throws SkippedException {
        String[] names = strike.target().split(" to ", 2);
        String source = names[0].substring(0, names[0].indexOf('.'));
        overtakings.mayHappen(strike.target());
        manage(
                "DELETE",
                "bindings/" + shop.broker().vhost() + "/e/" + source + ".events/q/" + names[1] + ".inbox/"
                        + URLEncoder.encode(names[0], StandardCharsets.UTF_8),
                "");
        last(strike);
        provideAgain(names[1]);
    }

    private void manage(String method, String path, String body) throws SkippedException {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                shop.broker().manage(method, path, body);
                return;
            } catch (RuntimeException away) {
                if (System.nanoTime() > giveUp) {
                    throw new SkippedException("the broker does not take it: " + away.getMessage(), away);
                }
                pause(AGAIN_MILLIS);
            }
        }
    }

    /** Permissions, policies, bindings: as when the context was created. */
    private void provideAgain(String context) {
        long giveUp = System.nanoTime() + HEALED_WITHIN.toNanos();
        while (true) {
            try {
                shop.provideAgain(context);
                return;
            } catch (RuntimeException away) {
                if (System.nanoTime() > giveUp) {
                    throw away;
                }
                pause(AGAIN_MILLIS);
            }
        }
    }

    private void publishPoison(Strike strike) throws SkippedException, InterruptedException {
        try {
            poison.publish(strike.target(), strike.detail());
        } catch (IOException | TimeoutException | RuntimeException away) {
            throw new SkippedException("the broker does not take it: " + away.getMessage(), away);
        }
    }

    /** Ends whatever may be left of any fault. */
    void healAll() throws InterruptedException {
        ways.heal();
        for (TestBroker.ContextUser user : shop.users().values()) {
            provideAgain(user.name());
        }
    }

    /** A strike that could not be made to happen. */
    static final class SkippedException extends Exception {

        private static final long serialVersionUID = 1;

        SkippedException(String why, Throwable cause) {
            super(why, cause);
        }
    }
}
