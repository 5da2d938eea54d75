package io.farandole.bench;

import io.farandole.acceptance.checker.ShopAddresses;
import io.farandole.bench.load.Books;
import io.farandole.bench.load.ContenderProgram;
import io.farandole.bench.load.ContenderSettings;
import io.farandole.bench.load.LoadTarget;
import io.farandole.bench.load.OrderSpec;
import io.farandole.provider.StandInProvider;
import io.farandole.shop.order.OrderApplication;
import io.farandole.shop.payment.PaymentApplication;
import io.farandole.shop.payment.gateway.PaymentGateway;
import io.farandole.shop.stock.StockApplication;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.transaction.TransactionManager;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The three services in one JVM, each an application context of its own with its own configuration and migrations; the
 * payment provider is asked by a method call, and orders are placed by commands. What goes between the services goes over RabbitMQ
 * all the same. Its books are read by who has started it.
 */
public final class OneJvmProgram implements LoadTarget {

    /** The variable with what each service is told: a JSON object of objects of strings. */
    static final String CONTEXTS = "BENCH_CONTEXTS";

    private static final Map<String, Class<?>> APPLICATIONS = Map.of(
            "order", OrderApplication.class, "stock", StockApplication.class, "payment", PaymentApplication.class);

    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
    private final WatchedOrders watched;

    private OneJvmProgram(ContenderSettings settings, Map<String, Map<String, String>> contexts) throws Exception {
        boolean open = false;
        try {
            URI provider = URI.create(variables(contexts, "payment").get("PROVIDER_URL"));
            StandInProvider payments = keep(StandInProvider.start(provider.getPort()));
            PaymentsByCall gateway = new PaymentsByCall(payments);
            keep(start("stock", variables(contexts, "stock"), gateway));
            keep(start("payment", variables(contexts, "payment"), gateway));
            ConfigurableApplicationContext order = keep(start("order", variables(contexts, "order"), gateway));
            PlacedByCommand desk = keep(PlacedByCommand.start(
                    order.getBean(CommandGateway.class), order.getBean(TransactionManager.class)));
            watched = keep(WatchedOrders.start(
                    desk,
                    () -> EndsOfOrders.in(
                            new ShopAddresses.Database(settings.orderUrl(), settings.dbUser(), settings.dbPassword())),
                    0));
            open = true;
        } finally {
            if (!open) {
                close();
            }
        }
    }

    private <T extends AutoCloseable> T keep(T closeable) {
        toClose.push(closeable);
        return closeable;
    }

    private static Map<String, String> variables(Map<String, Map<String, String>> contexts, String context) {
        Map<String, String> variables = contexts.get(context);
        if (variables == null) {
            throw new IllegalArgumentException(CONTEXTS + " has no context " + context);
        }
        return variables;
    }

    /** Starts a context's service with its own configuration, whatever else is on the class path. */
    static ConfigurableApplicationContext start(
            String context, Map<String, String> variables, PaymentGateway payments) {
        Class<?> source = APPLICATIONS.get(context);
        if (source == null) {
            throw new IllegalArgumentException("There is no context " + context);
        }
        // Every context has these under the same names: each is told where its own are.
        Path classes = Settings.checkout().resolve(context + "-context/target/classes");
        Map<String, Object> told = new HashMap<>(variables);
        told.put(
                "SPRING_CONFIG_LOCATION",
                classes.resolve("application.yaml").toUri().toString());
        told.put("SPRING_FLYWAY_LOCATIONS", "filesystem:" + classes.resolve("db/migration"));
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(context + "-systemEnvironment", told));
        SpringApplication application = new SpringApplication(source);
        application.setEnvironment(environment);
        if (context.equals("payment")) {
            application.addInitializers(started ->
                    ((GenericApplicationContext) started).registerBean(PaymentGateway.class, () -> payments));
        }
        return application.run();
    }

    /** Serves as a contender until it is told to end. */
    public static void main(String[] arguments) {
        ContenderProgram.run(settings -> new OneJvmProgram(
                settings, JsonMapper.builder().build().readValue(System.getenv(CONTEXTS), new TypeReference<>() {})));
    }

    @Override
    public CompletionStage<Boolean> place(OrderSpec order) {
        return watched.place(order);
    }

    @Override
    public Books books() {
        throw new UnsupportedOperationException("Whoever has started this has the journals, and reads the books there");
    }

    @Override
    public void close() {
        while (!toClose.isEmpty()) {
            try {
                toClose.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("Not everything was ended", e);
            }
        }
    }
}
