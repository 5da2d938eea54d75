package io.farandole.acceptance.defect;

import io.farandole.shop.order.OrderApplication;
import io.farandole.shop.payment.PaymentApplication;
import io.farandole.shop.stock.StockApplication;
import io.farandole.testservers.TcpProxy;
import io.farandole.testservers.TestBroker;
import io.farandole.testservers.TestDatabase;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * One instance of a service: an application context of its own, which reaches its database and the broker through proxies of
 * its own.
 *
 * <p>{@link #die} is what a crash is to everybody else: its connections are reset and never come back, so the database rolls back
 * what was not committed, the broker delivers again what was not acknowledged, and what only stood in its memory reaches nobody. Its
 * threads still run in this JVM, as they may in a machine that was cut off; that changes nothing for the others.
 */
final class ServiceInThisJvm implements AutoCloseable {

    private static final Map<String, Class<?>> APPLICATIONS = Map.of(
            "order", OrderApplication.class, "stock", StockApplication.class, "payment", PaymentApplication.class);

    private static final ReentrantLock LOGGING = new ReentrantLock();
    private static final Duration CLEARED_WITHIN = Duration.ofSeconds(30);

    private final TcpProxy toDatabase;
    private final TcpProxy toBroker;
    private final ConfigurableApplicationContext application;
    private @Nullable Thread clearingAway;

    private ServiceInThisJvm(TcpProxy toDatabase, TcpProxy toBroker, ConfigurableApplicationContext application) {
        this.toDatabase = toDatabase;
        this.toBroker = toBroker;
        this.application = application;
    }

    /** Starts an instance; returns when it is ready. */
    static ServiceInThisJvm start(
            String context,
            TestDatabase database,
            TestBroker broker,
            TestBroker.ContextUser user,
            URI provider,
            Seam seam) {
        Class<?> source = APPLICATIONS.get(context);
        if (source == null) {
            throw new IllegalArgumentException("No context " + context);
        }
        TcpProxy toDatabase =
                TcpProxy.to(database.server().host(), database.server().port());
        TcpProxy toBroker = TcpProxy.to(broker.host(), broker.port());
        Map<String, Object> told = new HashMap<>();
        told.put("SERVER_PORT", "0");
        told.put("SERVER_SHUTDOWN", "immediate");
        told.put("LOGGING_LEVEL_ROOT", "WARN");
        // Not a temporary directory: the first Tomcat's becomes catalina.home of all that this JVM starts, and were it
        // gone, those that
        // start at the same time would fail as they create it.
        told.put(
                "SERVER_TOMCAT_BASEDIR",
                Path.of("target", "tomcat", Integer.toString(toDatabase.port()))
                        .toAbsolutePath()
                        .toString());
        told.put("SPRING_DATASOURCE_URL", "jdbc:postgresql://127.0.0.1:" + toDatabase.port() + "/" + database.name());
        told.put("SPRING_DATASOURCE_USERNAME", database.appUser());
        told.put("SPRING_DATASOURCE_PASSWORD", database.appPassword());
        told.put("FARANDOLE_MIGRATION_USER", database.migratorUser());
        told.put("FARANDOLE_MIGRATION_PASSWORD", database.migratorPassword());
        told.put("FARANDOLE_MIGRATION_ROLE", database.ownerRole());
        told.put("SPRING_RABBITMQ_HOST", "127.0.0.1");
        told.put("SPRING_RABBITMQ_PORT", Integer.toString(toBroker.port()));
        told.put("SPRING_RABBITMQ_VIRTUAL_HOST", broker.vhost());
        told.put("SPRING_RABBITMQ_USERNAME", user.name());
        told.put("SPRING_RABBITMQ_PASSWORD", user.password());
        told.put("FARANDOLE_RABBITMQ_MANAGEMENT_URL", broker.managementUrl());
        // Sooner than by default, so that a test need not wait for what it wants to see.
        told.put("FARANDOLE_RELAY_BINDINGCHECKINTERVAL", "200ms");
        told.put("FARANDOLE_RELAY_SAVEINTERVAL", "100ms");
        told.put("PROVIDER_URL", provider.toString());
        // Every context has these under the same names: each is told where its own are.
        Path classes = classesOf(context);
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
        application.setBannerMode(Banner.Mode.OFF);
        application.setRegisterShutdownHook(false);
        // Each start sets Logback up anew, which two cannot do at once; by the time of the initializers that is done.
        LOGGING.lock();
        try {
            application.addInitializers(service -> {
                LOGGING.unlock();
                seam.openIn((GenericApplicationContext) service);
            });
            return new ServiceInThisJvm(toDatabase, toBroker, application.run());
        } finally {
            if (LOGGING.isHeldByCurrentThread()) {
                LOGGING.unlock();
            }
        }
    }

    private static Path classesOf(String context) {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.exists(directory.resolve("infra/run"))) {
            directory = directory.getParent();
        }
        if (directory == null) {
            throw new IllegalStateException("Not in a checkout: no directory above has infra/run");
        }
        return directory.resolve(context + "-context/target/classes");
    }

    /** Where it answers. */
    URI address() {
        return URI.create("http://127.0.0.1:" + application.getEnvironment().getRequiredProperty("local.server.port"));
    }

    /** One of its beans. */
    <T> T bean(Class<T> type) {
        return application.getBean(type);
    }

    /** Its way to the broker. */
    TcpProxy toBroker() {
        return toBroker;
    }

    /** Cuts it off for ever, and begins to clear away what is left of it. */
    void die() {
        toBroker.refuse();
        toDatabase.refuse();
        Thread thread = new Thread(application::close, "clear-away");
        thread.start();
        clearingAway = thread;
    }

    /** Stops it in order, if it is alive. */
    @Override
    public void close() {
        Thread dead = clearingAway;
        if (dead == null) {
            application.close();
        } else {
            await(dead);
        }
        toBroker.close();
        toDatabase.close();
    }

    private static void await(Thread thread) {
        try {
            thread.join(CLEARED_WITHIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
