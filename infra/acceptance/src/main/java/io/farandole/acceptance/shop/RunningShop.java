package io.farandole.acceptance.shop;

import io.farandole.acceptance.checker.Checker;
import io.farandole.acceptance.checker.LiveSources;
import io.farandole.acceptance.checker.ShopAddresses;
import io.farandole.acceptance.checker.Violation;
import io.farandole.shop.kernel.PublishedLanguage;
import io.farandole.testservers.FreePorts;
import io.farandole.testservers.PrivatePostgres;
import io.farandole.testservers.PrivateRabbit;
import io.farandole.testservers.TestBroker;
import io.farandole.testservers.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three services, a payment provider, PostgreSQL and RabbitMQ: six processes of the caller's own, which it may kill. The services'
 * jars must have been packaged. Closing ends them all. Or services and provider {@link Together} in one process that the caller
 * starts. Used by one thread.
 */
public final class RunningShop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunningShop.class);
    private static final List<String> CONTEXTS = List.of("order", "stock", "payment");

    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
    private final Map<String, List<ServiceProcess>> services = new LinkedHashMap<>();
    private final Map<String, URI> addresses = new LinkedHashMap<>();
    private final Map<String, TestDatabase> testDatabases = new LinkedHashMap<>();
    private final Map<String, ShopAddresses.Database> databases = new LinkedHashMap<>();
    private final Map<String, TestBroker.ContextUser> users = new LinkedHashMap<>();
    private PrivatePostgres postgres;
    private PrivateRabbit rabbit;
    private TestBroker broker;
    private URI providerAddress;
    private @Nullable ServiceProcess provider;

    private final Layout layout;

    @SuppressWarnings("NullAway.Init") // open() fills the fields or throws
    private RunningShop(Layout layout) {
        this.layout = layout;
    }

    /** Starts the services and the payment provider in one process. */
    public interface Together {

        /**
         * Starts them; returns when all are ready.
         *
         * @param shop the shop that is being opened: its databases and its broker are there
         * @param environments by context, the variables that its service is told: among them {@code SERVER_PORT}, where it is to
         *     listen on the loopback interface, and {@code PROVIDER_URL}, where the payment provider is to listen
         * @return ends them
         */
        AutoCloseable start(RunningShop shop, Map<String, Map<String, String>> environments) throws Exception;
    }

    /**
     * What may differ from shop to shop.
     *
     * @param javaOptions for the services' Java machines
     * @param databaseUrl what the services are told for a database's JDBC URL; a proxy's, for one
     * @param environment variables for the services, beside those that they need to find their servers
     * @param programs by instance ({@code stock-2}) or else by context, what is run instead of its jar, as arguments of {@code java};
     *     that of the context payment has the payment provider in it, listening where {@code PROVIDER_URL} says, and can have one
     *     instance only
     * @param surroundings what one instance ({@code stock}, {@code stock-2}) is told in the end, from what it would be told: so
     *     that each of them may reach the servers by a way of its own
     * @param rabbit the broker, in which the shop takes a virtual host of its own until it is closed; null for a broker of its own
     */
    public record Layout(
            List<String> javaOptions,
            UnaryOperator<String> databaseUrl,
            Map<String, String> environment,
            Map<String, List<String>> programs,
            BiFunction<String, Map<String, String>, Map<String, String>> surroundings,
            @Nullable PrivateRabbit rabbit) {

        /** As {@code infra/run} does: ready in half the time, for only the first compiler works. */
        public static final Layout QUICK =
                new Layout(List.of("-Xmx384m", "-XX:TieredStopAtLevel=1"), UnaryOperator.identity());

        public Layout {
            javaOptions = List.copyOf(javaOptions);
            environment = Map.copyOf(environment);
            programs = Map.copyOf(programs);
        }

        /** A layout without further variables. */
        public Layout(List<String> javaOptions, UnaryOperator<String> databaseUrl) {
            this(javaOptions, databaseUrl, Map.of());
        }

        /** A layout of packaged services. */
        public Layout(List<String> javaOptions, UnaryOperator<String> databaseUrl, Map<String, String> environment) {
            this(javaOptions, databaseUrl, environment, Map.of());
        }

        /** A layout whose instances are all told the same. */
        public Layout(
                List<String> javaOptions,
                UnaryOperator<String> databaseUrl,
                Map<String, String> environment,
                Map<String, List<String>> programs) {
            this(javaOptions, databaseUrl, environment, programs, (instance, told) -> told, null);
        }

        /** This layout with other surroundings. */
        public Layout withSurroundings(BiFunction<String, Map<String, String>, Map<String, String>> other) {
            return new Layout(javaOptions, databaseUrl, environment, programs, other, rabbit);
        }

        /** This layout with a coordinator in the order service, which calls stock and payment where they are. */
        public Layout withCoordinator() {
            return withSurroundings((name, told) -> {
                Map<String, String> more = new HashMap<>(surroundings.apply(name, told));
                if (name.startsWith("order")) {
                    coordinating(more, "STOCK");
                    coordinating(more, "PAYMENT");
                }
                return more;
            });
        }

        private static void coordinating(Map<String, String> told, String participant) {
            String actuator = told.getOrDefault("FARANDOLE_OPERATIONS_CONTEXTS_" + participant, "");
            told.put(
                    "SHOP_ORDER_COORDINATION_" + participant + "URL",
                    actuator.substring(0, actuator.lastIndexOf("/actuator")));
        }

        /** This layout on that broker, which the shop does not close; null for a broker of its own. */
        public Layout withRabbit(@Nullable PrivateRabbit other) {
            return new Layout(javaOptions, databaseUrl, environment, programs, surroundings, other);
        }
    }

    /** Opens a shop; returns when every service is ready. */
    public static RunningShop open(Layout layout) throws Exception {
        RunningShop shop = new RunningShop(layout);
        try {
            shop.startServers();
            shop.startProvider();
            CONTEXTS.forEach(context -> shop.addresses.put(context, ServiceProcess.addressOf(FreePorts.next())));
            shop.addInstances();
            return shop;
        } catch (Exception | Error e) {
            shop.close();
            throw e;
        }
    }

    /**
     * Opens a shop whose services are in one process: {@link #service}, {@link #instances} and {@link #addInstances} are not for
     * it, and {@link #processes} names none of its processes.
     */
    public static RunningShop open(Layout layout, Together services) throws Exception {
        RunningShop shop = new RunningShop(layout);
        try {
            shop.startServers();
            shop.providerAddress = ServiceProcess.addressOf(FreePorts.next());
            Map<String, Map<String, String>> environments = new LinkedHashMap<>();
            CONTEXTS.forEach(context -> shop.addresses.put(context, ServiceProcess.addressOf(FreePorts.next())));
            for (String context : CONTEXTS) {
                environments.put(
                        context, shop.environment(context, shop.address(context).getPort()));
            }
            shop.keep(services.start(shop, environments));
            return shop;
        } catch (Exception | Error e) {
            shop.close();
            throw e;
        }
    }

    private void startServers() {
        postgres = keep(PrivatePostgres.start());
        PrivateRabbit others = layout.rabbit();
        rabbit = others == null ? keep(PrivateRabbit.start()) : others;
        broker = rabbit.server().createVhost();
        if (others != null) {
            keep(broker);
        }
        for (String context : CONTEXTS) {
            users.put(context, broker.provideContext(context, followedBy(context)));
        }
        for (String context : CONTEXTS) {
            TestDatabase database = postgres.server().createDatabase(context);
            testDatabases.put(context, database);
            databases.put(
                    context,
                    new ShopAddresses.Database(database.url(), database.adminUser(), database.adminPassword()));
        }
    }

    private void startProvider() {
        int port = FreePorts.next();
        if (layout.programs().containsKey("payment")) {
            providerAddress = ServiceProcess.addressOf(port);
            return;
        }
        ServiceProcess process = keep(ServiceProcess.of(
                "provider",
                ServiceProcess.packaged("infra/payment-provider"),
                List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"),
                Map.of("PROVIDER_PORT", Integer.toString(port)),
                "/health",
                port));
        process.start();
        process.awaitReady();
        provider = process;
        providerAddress = process.address();
    }

    /** Starts one more instance of every service, on the same databases and queues; returns when all of them are ready. */
    public void addInstances() {
        List<ServiceProcess> added = CONTEXTS.stream().map(this::addInstance).toList();
        added.forEach(ServiceProcess::awaitReady);
    }

    /** Starts one more instance of one service; returns when it is ready. */
    public ServiceProcess addInstanceOf(String context) {
        ServiceProcess added = addInstance(context);
        added.awaitReady();
        return added;
    }

    private ServiceProcess addInstance(String context) {
        List<ServiceProcess> instances = services.computeIfAbsent(context, key -> new ArrayList<>());
        int port = instances.isEmpty() ? address(context).getPort() : FreePorts.next();
        String name = instances.isEmpty() ? context : context + "-" + (instances.size() + 1);
        List<String> program =
                layout.programs().getOrDefault(name, layout.programs().get(context));
        ServiceProcess instance = keep(ServiceProcess.of(
                name,
                program == null ? ServiceProcess.packaged(context + "-context") : program,
                layout.javaOptions(),
                layout.surroundings().apply(name, environment(context, port)),
                "/actuator/health/readiness",
                port));
        instances.add(instance);
        instance.start();
        return instance;
    }

    private <T extends AutoCloseable> T keep(T closeable) {
        toClose.push(closeable);
        return closeable;
    }

    private static List<String> followedBy(String context) {
        return PublishedLanguage.ENTRIES.stream()
                .filter(entry -> entry.followers().contains(context))
                .map(PublishedLanguage.Entry::wireType)
                .toList();
    }

    private Map<String, String> environment(String context, int port) {
        TestDatabase database = testDatabases.get(context);
        TestBroker.ContextUser user = users.get(context);
        if (database == null || user == null) {
            throw new IllegalStateException("No database or no broker user for " + context);
        }
        Map<String, String> environment = new HashMap<>(layout.environment());
        environment.put("SERVER_PORT", Integer.toString(port));
        environment.put("SPRING_DATASOURCE_URL", layout.databaseUrl().apply(database.url()));
        environment.put("SPRING_DATASOURCE_USERNAME", database.appUser());
        environment.put("SPRING_DATASOURCE_PASSWORD", database.appPassword());
        environment.put("FARANDOLE_MIGRATION_USER", database.migratorUser());
        environment.put("FARANDOLE_MIGRATION_PASSWORD", database.migratorPassword());
        environment.put("FARANDOLE_MIGRATION_ROLE", database.ownerRole());
        environment.put("SPRING_RABBITMQ_HOST", broker.host());
        environment.put("SPRING_RABBITMQ_PORT", Integer.toString(broker.port()));
        environment.put("SPRING_RABBITMQ_VIRTUAL_HOST", broker.vhost());
        environment.put("SPRING_RABBITMQ_USERNAME", user.name());
        environment.put("SPRING_RABBITMQ_PASSWORD", user.password());
        environment.put("FARANDOLE_RABBITMQ_MANAGEMENT_URL", broker.managementUrl());
        environment.put("PROVIDER_URL", providerAddress.toString());
        CONTEXTS.stream()
                .filter(other -> !other.equals(context))
                .forEach(other -> environment.put(
                        "FARANDOLE_OPERATIONS_CONTEXTS_" + other.toUpperCase(Locale.ROOT),
                        address(other).resolve("/actuator").toString()));
        return environment;
    }

    /** Where a context's service answers; of several instances the first. */
    public URI address(String context) {
        URI address = addresses.get(context);
        if (address == null) {
            throw new IllegalArgumentException("No service " + context);
        }
        return address;
    }

    /** The service of a context; of several instances the first. */
    public ServiceProcess service(String context) {
        return instances(context).get(0);
    }

    /** Every instance of a context's service, in the order in which they were started. */
    public List<ServiceProcess> instances(String context) {
        List<ServiceProcess> instances = services.get(context);
        if (instances == null) {
            throw new IllegalArgumentException("No service " + context);
        }
        return List.copyOf(instances);
    }

    /** The payment provider's process. */
    public ServiceProcess provider() {
        ServiceProcess process = provider;
        if (process == null) {
            throw new IllegalStateException("The payment provider of this shop is no process of its own");
        }
        return process;
    }

    /** Gives a context back what it has on the broker: user, permissions, policies, queues, bindings. What is there stays. */
    public void provideAgain(String context) {
        broker.provideContext(context, followedBy(context));
    }

    /** Process ids of the services and of the payment provider, by their names: {@code stock}, {@code stock-2}. */
    public Map<String, Long> processes() {
        Map<String, Long> processes = new LinkedHashMap<>();
        services.values().forEach(instances -> instances.forEach(one -> processes.put(one.name(), one.pid())));
        if (provider != null) {
            processes.put("provider", provider.pid());
        }
        return processes;
    }

    /** The database server. */
    public PrivatePostgres postgres() {
        return postgres;
    }

    /** The broker. */
    public PrivateRabbit rabbit() {
        return rabbit;
    }

    /** The broker's virtual host of this shop. */
    public TestBroker broker() {
        return broker;
    }

    /** The contexts' users of the broker. */
    public Map<String, TestBroker.ContextUser> users() {
        return users;
    }

    /** Where a context's database is, and who may read all of it; not through a proxy. */
    public ShopAddresses.Database database(String context) {
        ShopAddresses.Database database = databases.get(context);
        if (database == null) {
            throw new IllegalArgumentException("No context " + context);
        }
        return database;
    }

    /** The invariants that do not hold, now; empty once the shop is quiescent and right. */
    public List<Violation> violations(Set<String> accepted) throws IOException, SQLException, InterruptedException {
        ShopAddresses addresses =
                new ShopAddresses(databases, address("order"), address("stock"), address("payment"), providerAddress);
        return Checker.check(LiveSources.gather(addresses, accepted));
    }

    @Override
    public void close() {
        Exception failure = null;
        while (!toClose.isEmpty()) {
            try {
                toClose.pop().close();
            } catch (Exception e) {
                LOG.warn("Could not end a process", e);
                failure = e;
            }
        }
        if (failure != null) {
            throw new IllegalStateException("Could not end every process of the shop", failure);
        }
    }
}
