package io.farandole.provider;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A payment provider for development and tests, over HTTP on the loopback interface.
 *
 * <p>{@code POST /authorizations}, {@code /captures}, {@code /voids} and {@code /refunds} take
 * {@code {"paymentId","amountMinor","currency","token"}} with the header {@code Idempotency-Key} and answer
 * {@code 200 {"status":"authorized|declined|captured|voided|refunded","reason":…}}. The same key is answered as before and
 * has no second effect; with another body it is a {@code 409}. Any {@code 5xx} leaves the outcome unknown. A void of a
 * payment that was not authorised yet leaves a tombstone: an authorisation that comes later is declined
 * ({@code voided}). A void after a capture is declined ({@code already-captured}).
 *
 * <p>{@code GET /ledger} lists what is held about each payment, {@code GET /payments/{paymentId}} shows one,
 * {@code GET /health} answers {@code {"status":"UP"}}. How it behaves is chosen by the token: {@code tok_ok},
 * {@code tok_declined}, {@code tok_slow} (answers after two seconds), {@code tok_flaky} (fails twice per operation, then
 * works), {@code tok_down} (always 503), {@code tok_capture_fails}, {@code tok_capture_down}; other tokens are declined.
 *
 * <p>Thread-safe. Without a state file everything is forgotten on {@link #close}.
 */
public final class StandInProvider implements AutoCloseable {

    /** The port used unless another is given. */
    public static final int DEFAULT_PORT = 8090;

    /** How late {@code tok_slow} is answered. */
    public static final Duration SLOWNESS = Duration.ofSeconds(2);

    private static final int THREADS = 16;

    static {
        // Without this the JDK's server waits for a delayed acknowledgement, 40 ms per answer on a kept connection.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    private final HttpServer server;
    private final ScheduledExecutorService threads;
    private final ProviderBook book;
    private final @Nullable StateFile state;

    private StandInProvider(
            HttpServer server, ScheduledExecutorService threads, ProviderBook book, @Nullable StateFile state) {
        this.server = server;
        this.threads = threads;
        this.book = book;
        this.state = state;
    }

    /**
     * Starts it on the loopback interface, in memory.
     *
     * @param port zero for any free one
     * @throws UncheckedIOException if the port is taken
     */
    public static StandInProvider start(int port) {
        return start(InetAddress.getLoopbackAddress(), port, null, SLOWNESS);
    }

    /**
     * Starts it.
     *
     * @param port zero for any free one
     * @param stateFile where to remember operations across restarts; null keeps them in memory
     * @param slowness how late {@code tok_slow} is answered
     * @throws UncheckedIOException if the port is taken, or the file cannot be read
     */
    public static StandInProvider start(InetAddress address, int port, @Nullable Path stateFile, Duration slowness) {
        List<Entry> known = new ArrayList<>();
        StateFile state = null;
        HttpServer server;
        try {
            state = stateFile == null ? null : StateFile.open(stateFile, known);
            server = HttpServer.create(new InetSocketAddress(address, port), 256);
        } catch (IOException e) {
            closeQuietly(state, e);
            throw new UncheckedIOException(
                    "The payment provider cannot start on " + address.getHostAddress() + ":" + port + ": "
                            + e.getMessage()
                            + ". Choose another port with --port=<port> or PROVIDER_PORT, or stop what uses it",
                    e);
        }
        StateFile kept = state;
        ProviderBook book = new ProviderBook(kept == null ? entry -> {} : kept::append);
        known.forEach(book::restore);
        ScheduledExecutorService threads = Executors.newScheduledThreadPool(THREADS, named());
        ProviderHttp http = new ProviderHttp(book, threads, slowness);
        for (Operation operation : Operation.values()) {
            server.createContext(operation.path(), exchange -> http.operate(operation, exchange));
        }
        server.createContext("/ledger", http::ledger);
        server.createContext("/payments/", http::payment);
        server.createContext("/health", http::health);
        server.createContext("/", http::unknown);
        server.setExecutor(threads);
        server.start();
        return new StandInProvider(server, threads, book, state);
    }

    /** The port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Where it can be reached, {@code http://127.0.0.1:8090}. */
    public URI uri() {
        return URI.create("http://" + server.getAddress().getAddress().getHostAddress() + ":" + port());
    }

    /**
     * Does what is asked as it does over HTTP, without HTTP, for callers in the same JVM; late answers are given at once.
     *
     * @return empty where it would answer 409 or 503
     */
    public Optional<Result> ask(Operation operation, String idempotencyKey, ProviderRequest request) {
        return Optional.ofNullable(
                book.handle(operation, idempotencyKey, request).result());
    }

    /** What it holds about each payment, by payment id. */
    public List<LedgerEntry> ledger() {
        return book.ledger();
    }

    /** What it holds about one payment; empty if it never heard of it. */
    public Optional<LedgerEntry> find(String paymentId) {
        return book.find(paymentId);
    }

    /** Stops at once, open requests included. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        try {
            if (state != null) {
                state.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The provider's state file cannot be closed", e);
        }
    }

    private static void closeQuietly(@Nullable StateFile state, IOException cause) {
        try {
            if (state != null) {
                state.close();
            }
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private static ThreadFactory named() {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "provider-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
