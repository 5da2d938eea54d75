package io.farandole.banks;

import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * The banks as a process of their own, by the environment: {@code BANKS_DB_URL}, {@code BANKS_DB_USER}, {@code
 * BANKS_DB_PASSWORD}; {@code BANKS_MIGRATOR_USER} and {@code BANKS_MIGRATOR_PASSWORD} if somebody else makes the tables; {@code
 * BANKS_DB_SCHEMA} (app), {@code BANKS_BIND} (127.0.0.1), {@code BANKS_PORT} (8091; 0 takes any free one), {@code BANKS_SLOW}
 * (PT2S), {@code BANKS_GRPC_PORT} (no gRPC without) and {@code BANKS_GRPC_BANK} (grpc). It runs until it is stopped by a signal.
 */
public final class BanksApplication {

    private BanksApplication() {}

    public static void main(String[] args) throws InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        StandInBanks banks;
        try {
            banks = StandInBanks.start(settings(System.getenv()));
        } catch (RuntimeException | UnknownHostException e) {
            out.println(e.getMessage());
            System.exit(1);
            return;
        }
        out.println("Banks stand-in on " + banks.uri("any-name"));
        Runtime.getRuntime().addShutdownHook(new Thread(banks::close, "banks-stop"));
        new CountDownLatch(1).await();
    }

    static BanksSettings settings(Map<String, String> environment) throws UnknownHostException {
        return new BanksSettings(
                InetAddress.getByName(environment.getOrDefault("BANKS_BIND", "127.0.0.1")),
                port(environment.getOrDefault("BANKS_PORT", String.valueOf(BanksSettings.DEFAULT_PORT))),
                required(environment, "BANKS_DB_URL"),
                required(environment, "BANKS_DB_USER"),
                required(environment, "BANKS_DB_PASSWORD"),
                environment.get("BANKS_MIGRATOR_USER"),
                environment.get("BANKS_MIGRATOR_PASSWORD"),
                environment.getOrDefault("BANKS_DB_SCHEMA", "app"),
                Duration.parse(environment.getOrDefault("BANKS_SLOW", BanksSettings.SLOWNESS.toString())),
                Duration.parse(environment.getOrDefault("BANKS_HOLD_FOR", BanksSettings.HOLD_FOR.toString())),
                environment.containsKey("BANKS_GRPC_PORT")
                        ? port(environment.get("BANKS_GRPC_PORT"))
                        : BanksSettings.NO_GRPC,
                environment.getOrDefault("BANKS_GRPC_BANK", BanksSettings.GRPC_BANK));
    }

    private static String required(Map<String, String> environment, String name) {
        String value = environment.get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("The banks need a PostgreSQL database of their own: set " + name);
        }
        return value;
    }

    private static int port(String port) {
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
            throw new IllegalArgumentException("The port is 0 to 65535, not '" + port + "'; see BANKS_PORT");
        }
        return Integer.parseInt(port);
    }
}
