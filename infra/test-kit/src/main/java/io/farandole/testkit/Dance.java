package io.farandole.testkit;

import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.RabbitServer;
import io.farandole.testservers.TestBroker;
import io.farandole.testservers.TestDatabase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/**
 * Several contexts in one JVM, on real servers: each with a database and a broker user of its own, with the rights that it has
 * in production, in a virtual host of the dance's own.
 *
 * <pre>{@code
 * try (Dance dance = Dance.of(
 *         Dancer.of("order", OrderApplication.class).following("stock.stock-reserved.v1"),
 *         Dancer.of("stock", StockApplication.class).following("order.order-placed.v1"))) {
 *     dance.context("order").send(new PlaceOrder("o-1"));
 *     dance.context("stock").awaitPublished("stock.stock-reserved.v1", "o-1");
 * }
 * }</pre>
 *
 * <p>Servers are found as {@link PostgresServer} and {@link RabbitServer} describe. Closing stops the contexts and drops what
 * was made for them.
 */
public final class Dance implements AutoCloseable {

    private final TestBroker broker;
    private final Map<String, RunningContext> contexts = new LinkedHashMap<>();

    private Dance(TestBroker broker) {
        this.broker = broker;
    }

    /**
     * Starts these contexts.
     *
     * @throws RuntimeException if one cannot start; what was started is stopped again
     */
    public static Dance of(Dancer... dancers) {
        Dance dance = new Dance(RabbitServer.shared().createVhost());
        try {
            Map<String, TestBroker.ContextUser> users = new LinkedHashMap<>();
            for (Dancer dancer : dancers) {
                users.put(dancer.context(), dance.broker.provideContext(dancer.context(), dancer.follows()));
            }
            for (Dancer dancer : dancers) {
                TestBroker.ContextUser user = users.get(dancer.context());
                if (user != null) {
                    dance.start(dancer, PostgresServer.shared().createDatabase(dancer.context()), user);
                }
            }
            return dance;
        } catch (RuntimeException | Error e) {
            try {
                dance.close();
            } catch (RuntimeException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    /**
     * Lets one more context join, which finds what has been bound for it, and nothing that was published before.
     *
     * @throws IllegalArgumentException if a context of that name dances already
     */
    public RunningContext join(Dancer dancer) {
        if (contexts.containsKey(dancer.context())) {
            throw new IllegalArgumentException(
                    "A context '" + dancer.context() + "' dances already: restart it, or give another name");
        }
        start(
                dancer,
                PostgresServer.shared().createDatabase(dancer.context()),
                broker.provideContext(dancer.context(), dancer.follows()));
        return context(dancer.context());
    }

    /**
     * Stops a context, and starts it on its database again: with other properties, or as another application, such as its next
     * release. What it follows newly is bound.
     *
     * @throws IllegalArgumentException if no context of that name dances here
     */
    public RunningContext restart(Dancer dancer) {
        RunningContext before = context(dancer.context());
        contexts.remove(dancer.context());
        before.stop();
        start(dancer, before.database(), broker.provideContext(dancer.context(), dancer.follows()));
        return context(dancer.context());
    }

    /**
     * One of the contexts.
     *
     * @throws IllegalArgumentException if none has this name
     */
    public RunningContext context(String name) {
        RunningContext context = contexts.get(name);
        if (context == null) {
            throw new IllegalArgumentException("No context '" + name + "' dances here, only " + contexts.keySet());
        }
        return context;
    }

    /** The broker's virtual host. */
    public TestBroker broker() {
        return broker;
    }

    private void start(Dancer dancer, TestDatabase database, TestBroker.ContextUser user) {
        boolean started = false;
        try {
            SpringApplication application = new SpringApplicationBuilder(dancer.application())
                    .registerShutdownHook(false)
                    .build();
            contexts.put(
                    dancer.context(),
                    new RunningContext(dancer.context(), application.run(arguments(dancer, database, user)), database));
            started = true;
        } finally {
            if (!started) {
                database.close();
            }
        }
    }

    private String[] arguments(Dancer dancer, TestDatabase database, TestBroker.ContextUser user) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("farandole.context", dancer.context());
        properties.put("spring.datasource.url", database.url());
        properties.put("spring.datasource.username", database.appUser());
        properties.put("spring.datasource.password", database.appPassword());
        properties.put("farandole.migration.user", database.migratorUser());
        properties.put("farandole.migration.password", database.migratorPassword());
        properties.put("farandole.migration.role", database.ownerRole());
        properties.put("spring.rabbitmq.host", broker.host());
        properties.put("spring.rabbitmq.port", Integer.toString(broker.port()));
        properties.put("spring.rabbitmq.virtual-host", broker.vhost());
        properties.put("spring.rabbitmq.username", user.name());
        properties.put("spring.rabbitmq.password", user.password());
        properties.put("farandole.rabbitmq.management-url", broker.managementUrl());
        properties.put("server.port", "0");
        properties.put("spring.main.banner-mode", "off");
        properties.put("spring.jmx.enabled", "false");
        properties.putAll(dancer.properties());
        return properties.entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toArray(String[]::new);
    }

    /** Stops the contexts, last started first, and drops their databases and the virtual host. */
    @Override
    public void close() {
        List<RunningContext> reversed = new ArrayList<>(contexts.values());
        Collections.reverse(reversed);
        contexts.clear();
        @Nullable RuntimeException failure = null;
        for (RunningContext context : reversed) {
            try {
                context.close();
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        broker.close();
        if (failure != null) {
            throw failure;
        }
    }
}
