package io.farandole.provider;

import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The stand-in as a process of its own: {@code [--port=8090] [--bind=127.0.0.1] [--state=FILE] [--slow=PT2S]}. Environment:
 * {@code PROVIDER_PORT}, {@code PROVIDER_STATE}. Port 0 takes any free one; the address is printed. It runs until it is
 * stopped by a signal.
 */
public final class PaymentProviderApplication {

    private PaymentProviderApplication() {}

    public static void main(String[] args) throws InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        StandInProvider provider;
        try {
            provider = start(args);
        } catch (IllegalArgumentException | UncheckedIOException | UnknownHostException e) {
            out.println(e.getMessage());
            System.exit(1);
            return;
        }
        out.println("Payment provider stand-in on " + provider.uri());
        Runtime.getRuntime().addShutdownHook(new Thread(provider::close, "provider-stop"));
        new CountDownLatch(1).await();
    }

    static StandInProvider start(String... args) throws UnknownHostException {
        String port = orElse(System.getenv("PROVIDER_PORT"), String.valueOf(StandInProvider.DEFAULT_PORT));
        String bind = null;
        String state = System.getenv("PROVIDER_STATE");
        Duration slowness = StandInProvider.SLOWNESS;
        for (String arg : args) {
            if (arg.startsWith("--port=")) {
                port = valueOf(arg);
            } else if (arg.startsWith("--bind=")) {
                bind = valueOf(arg);
            } else if (arg.startsWith("--state=")) {
                state = valueOf(arg);
            } else if (arg.startsWith("--slow=")) {
                slowness = Duration.parse(valueOf(arg));
            } else {
                throw new IllegalArgumentException("Unknown argument " + arg
                        + "; known are --port=<port>, --bind=<address>, --state=<file> and --slow=<ISO-8601 duration>");
            }
        }
        InetAddress address = bind == null ? InetAddress.getLoopbackAddress() : InetAddress.getByName(bind);
        return StandInProvider.start(address, parsePort(port), state == null ? null : Path.of(state), slowness);
    }

    private static int parsePort(String port) {
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
            throw new IllegalArgumentException(
                    "The port is 0 to 65535, not '" + port + "'; see --port and PROVIDER_PORT");
        }
        return Integer.parseInt(port);
    }

    private static String valueOf(String arg) {
        return arg.substring(arg.indexOf('=') + 1);
    }

    private static String orElse(@Nullable String value, String otherwise) {
        return value == null || value.isBlank() ? otherwise : value;
    }
}
