package io.farandole.banks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.farandole.participant.BranchBarrier;
import io.farandole.participant.http.BranchFilter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Several banks for development and tests, each under its own name, {@code /banks/{bank}/…}; any name is a bank's.
 *
 * <ul>
 *   <li>{@code POST /banks/{bank}/payroll/{gid}/{branch}} pays {@code {"account","amount","currency","reference"}}, {@code
 *       DELETE} takes it back: through the participant library's filter. {@code ?phase=try} holds, {@code ?phase=confirm} pays what is
 *       held; what nobody confirms in time is let go.
 *   <li>{@code POST /banks/{bank}/accounts} opens {@code {"account","currency","balance"}}, or an array of them; the same
 *       again changes nothing. {@code GET /banks/{bank}/accounts/{account}} shows balance and entries. {@code POST
 *       /banks/{bank}/accounts/{account}/spend} spends {@code {"amount"}}.
 *   <li>{@code GET /banks/{bank}/ledger} sums up; with {@code ?globalId=} the payments of that payroll.
 *   <li>One of them may be reached by gRPC, too: service {@code Branch} of {@code branch.proto}, with the same body as payload.
 *   <li>{@code GET /health} answers {@code {"status":"UP"}}.
 * </ul>
 *
 * <p>How a bank behaves is chosen by what the account number begins with: {@code down-} (a payment is answered 503 for ever),
 * {@code slow-} (the first answer comes late), {@code flaky-} (503 every other time), {@code refuse-} (409), {@code die-} (the
 * connection is closed after the commit and before the answer), {@code nonsense-} (200 with a page, no effect), {@code garble-}
 * (200 with a page instead of the first answer, with effect), {@code closed-} (refused), {@code close-} (closed with the first
 * payment, so that its reversal is refused), {@code keep-} (a reversal is answered 503 for ever), {@code spend-} (half is spent
 * as it comes, so that its reversal is refused). Thread-safe.
 */
public final class StandInBanks implements AutoCloseable {

    private static final int CONNECTIONS = 16;
    // The logging framework forgets a level whose logger nobody holds.
    private static final Logger TOMCAT = Logger.getLogger("org.apache");

    private final HikariDataSource pool;
    private final Tomcat tomcat;
    private final Path directory;
    private final AccountBook book;
    private final Slowness slowness;
    private final BanksSettings settings;
    private final @Nullable GrpcBank grpc;
    private final HoldExpiry expiry;

    private StandInBanks(
            HikariDataSource pool,
            Tomcat tomcat,
            @Nullable GrpcBank grpc,
            HoldExpiry expiry,
            Path directory,
            AccountBook book,
            Slowness slowness,
            BanksSettings settings) {
        this.grpc = grpc;
        this.expiry = expiry;
        this.pool = pool;
        this.tomcat = tomcat;
        this.directory = directory;
        this.book = book;
        this.slowness = slowness;
        this.settings = settings;
    }

    /**
     * Makes or updates the tables, and starts.
     *
     * @throws IllegalStateException if the port is taken
     */
    public static StandInBanks start(BanksSettings settings) {
        TOMCAT.setLevel(Level.WARNING);
        migrate(settings);
        HikariDataSource pool = pool(settings);
        Tomcat tomcat = new Tomcat();
        Slowness slowness = new Slowness(settings.slowness());
        try {
            JdbcTransactionManager transactionManager = new JdbcTransactionManager(pool);
            AccountBook book = new AccountBook(pool);
            PayrollDesk desk = new PayrollDesk(book);
            Path directory = Files.createTempDirectory("farandole-banks");
            tomcat.setBaseDir(directory.toString());
            tomcat.setConnector(connector(settings));
            StandardContext context = (StandardContext) tomcat.addContext("", null);
            // It ends with the program, or with a test: nothing is redeployed, so nothing is to be looked for.
            context.setClearReferencesRmiTargets(false);
            context.setClearReferencesThreadLocals(false);
            addServlet(context, new BankServlet(book, desk, new TransactionTemplate(transactionManager)));
            BranchBarrier barrier = new BranchBarrier(pool, transactionManager);
            BranchFilter filter = new BranchFilter(barrier, "/banks/{participant}/payroll/{globalId}/{branchId}");
            addFilter(context, filter.holding(settings.holdFor()));
            context.getPipeline().addValve(new MishapValve(slowness));
            tomcat.start();
            GrpcBank grpc = settings.grpcPort() == BanksSettings.NO_GRPC
                    ? null
                    : GrpcBank.start(settings, settings.grpcPort(), settings.grpcBank(), barrier, desk, slowness);
            HoldExpiry expiry = HoldExpiry.start(barrier, desk);
            return new StandInBanks(pool, tomcat, grpc, expiry, directory, book, slowness, settings);
        } catch (IOException failed) {
            pool.close();
            stop(tomcat, failed);
            throw new UncheckedIOException("The banks cannot start", failed);
        } catch (LifecycleException | RuntimeException failed) {
            pool.close();
            stop(tomcat, failed);
            throw new IllegalStateException(
                    "The banks cannot start on " + settings.address().getHostAddress() + ":" + settings.port()
                            + ". Choose another port with BANKS_PORT, or stop what uses it",
                    failed);
        }
    }

    /** The library's tables beside the banks' own, each with a history of its own: so their versions never meet. */
    private static void migrate(BanksSettings settings) {
        String user = settings.migratorUser() == null ? settings.user() : settings.migratorUser();
        String password = settings.migratorPassword() == null ? settings.password() : settings.migratorPassword();
        for (Map.Entry<String, String> part : List.of(
                Map.entry("participant_history", "classpath:io/farandole/participant/migration"),
                Map.entry("banks_history", "classpath:io/farandole/banks/migration"))) {
            Flyway.configure()
                    .dataSource(settings.url(), user, password)
                    .defaultSchema(settings.schema())
                    .table(part.getKey())
                    .locations(part.getValue())
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .load()
                    .migrate();
        }
    }

    private static HikariDataSource pool(BanksSettings settings) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("banks");
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.user());
        config.setPassword(settings.password());
        config.setSchema(settings.schema());
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(10_000);
        config.addDataSourceProperty("ApplicationName", "banks");
        // Of no web application: a thread that a request has started would count as one that it has left behind.
        config.setThreadFactory(task -> {
            Thread thread = new Thread(task, "banks-pool");
            thread.setDaemon(true);
            thread.setContextClassLoader(StandInBanks.class.getClassLoader());
            return thread;
        });
        return new HikariDataSource(config);
    }

    private static Connector connector(BanksSettings settings) {
        Connector connector = new Connector();
        connector.setPort(settings.port());
        connector.setProperty("address", settings.address().getHostAddress());
        connector.setThrowOnFailure(true);
        return connector;
    }

    private static void addServlet(Context context, BankServlet servlet) {
        Tomcat.addServlet(context, "banks", servlet);
        context.addServletMappingDecoded("/banks/*", "banks");
        Tomcat.addServlet(context, "health", new HealthServlet());
        context.addServletMappingDecoded("/health", "health");
    }

    private static void addFilter(Context context, BranchFilter filter) {
        FilterDef definition = new FilterDef();
        definition.setFilterName("branches");
        definition.setFilter(filter);
        context.addFilterDef(definition);
        FilterMap map = new FilterMap();
        map.setFilterName("branches");
        map.addURLPattern("/banks/*");
        context.addFilterMap(map);
    }

    /** The port that they listen on. */
    public int port() {
        return tomcat.getConnector().getLocalPort();
    }

    /** Where a bank can be reached, {@code http://127.0.0.1:8091/banks/north}. */
    public URI uri(String bank) {
        return URI.create("http://" + settings.address().getHostAddress() + ":" + port() + "/banks/" + bank);
    }

    /**
     * The port of the bank that is reached by gRPC.
     *
     * @throws IllegalStateException if there is none
     */
    public int grpcPort() {
        if (grpc == null) {
            throw new IllegalStateException("No bank is reached by gRPC: see BanksSettings.withGrpc");
        }
        return grpc.port();
    }

    /** What {@code GET /banks/{bank}/ledger} says. */
    public Map<String, Object> ledger(String bank) {
        return book.ledger(bank, null);
    }

    /** Stops at once. The books stay. */
    @Override
    public void close() {
        slowness.close();
        expiry.close();
        if (grpc != null) {
            grpc.close();
        }
        stop(tomcat, null);
        pool.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove " + directory, e);
        }
    }

    private static void stop(Tomcat tomcat, @Nullable Throwable cause) {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            if (cause == null) {
                throw new IllegalStateException("The banks cannot stop", e);
            }
            cause.addSuppressed(e);
        }
    }
}
