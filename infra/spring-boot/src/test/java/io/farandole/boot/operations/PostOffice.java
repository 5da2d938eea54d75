package io.farandole.boot.operations;

import io.farandole.axon.ParkedProcesses;
import io.farandole.boot.operations.Courier.ParcelPosted;
import io.farandole.boot.operations.ParcelDelivery.ParcelHandedIn;
import io.farandole.boot.operations.ParcelDelivery.ParcelLost;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.Headers;
import io.farandole.testservers.Patience;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventBus;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.web.filter.OncePerRequestFilter;

/** A service with one event handler, on a database of its own, with operators ada and bob. */
final class PostOffice implements AutoCloseable {

    static final String PASSWORD = "correct: horse, böttery 🔋";

    /** Stands for the application's own security: whoever says who they are is believed. */
    static final String OWN_SECURITY = "X-Own-User";

    private final TestDatabase database;
    private final ConfigurableApplicationContext spring;

    @EnableAutoConfiguration
    @Import(ParcelDelivery.class)
    static class Application {

        @Bean
        Courier courier() {
            return new Courier();
        }

        @Bean
        EventTypes parcels() {
            return EventTypes.builder()
                    .event("post.parcel-posted", 1, ParcelPosted.class)
                    .event("post.parcel-handed-in", 1, ParcelHandedIn.class)
                    .event("post.parcel-lost", 1, ParcelLost.class)
                    .build();
        }

        @Bean
        FilterRegistrationBean<OwnSecurity> ownSecurity() {
            FilterRegistrationBean<OwnSecurity> registration = new FilterRegistrationBean<>(new OwnSecurity());
            registration.setOrder(-100);
            return registration;
        }
    }

    static class OwnSecurity extends OncePerRequestFilter {

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            String user = request.getHeader(OWN_SECURITY);
            chain.doFilter(
                    user == null
                            ? request
                            : new HttpServletRequestWrapper(request) {
                                @Override
                                public Principal getUserPrincipal() {
                                    return () -> user;
                                }
                            },
                    response);
        }
    }

    private PostOffice(TestDatabase database, ConfigurableApplicationContext spring) {
        this.database = database;
        this.spring = spring;
    }

    static String hash(String password) {
        return "{bcrypt}" + new BCryptPasswordEncoder(4).encode(password);
    }

    static PostOffice open(Map<String, String> properties) {
        return open(properties, TestDatabase::url);
    }

    /** With its database at this address. */
    static PostOffice open(Map<String, String> properties, Function<TestDatabase, String> url) {
        TestDatabase database = PostgresServer.shared().createDatabase("post");
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("farandole.context", "post");
        settings.put("farandole.rabbitmq.enabled", "false");
        settings.put("farandole.processors.retry", "1 attempt, each wait 50 ms");
        settings.put("farandole.processors.by-name.courier.segments", "1");
        // Nearly all that is posted fails: with a brake it would be taken for an outage.
        settings.put("farandole.processors.brake-after", "0");
        settings.put("spring.datasource.url", url.apply(database));
        settings.put("spring.datasource.username", database.appUser());
        settings.put("spring.datasource.password", database.appPassword());
        settings.put("farandole.migration.user", database.migratorUser());
        settings.put("farandole.migration.password", database.migratorPassword());
        settings.put("farandole.migration.role", database.ownerRole());
        settings.put("spring.main.banner-mode", "off");
        settings.put("server.port", "0");
        settings.put("management.health.rabbit.enabled", "false");
        settings.put(
                "management.endpoints.web.exposure.include", "health,parked,parkedprocess,parkedgroups,parkedretries");
        settings.put("farandole.operations.operators.ada", hash(PASSWORD));
        settings.put("farandole.operations.operators.bob", hash("another one"));
        settings.putAll(properties);
        settings.values().removeIf(String::isEmpty);
        boolean opened = false;
        try {
            ConfigurableApplicationContext spring = new SpringApplicationBuilder(Application.class)
                    .registerShutdownHook(false)
                    .run(settings.entrySet().stream()
                            .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                            .toArray(String[]::new));
            opened = true;
            return new PostOffice(database, spring);
        } finally {
            if (!opened) {
                database.close();
            }
        }
    }

    <T> T bean(Class<T> type) {
        return spring.getBean(type);
    }

    Courier courier() {
        return bean(Courier.class);
    }

    int port(String which) {
        @Nullable String port = spring.getEnvironment().getProperty("local." + which + ".port");
        return port == null ? 0 : Integer.parseInt(port);
    }

    TestDatabase database() {
        return database;
    }

    void post(String parcel) {
        publish(parcel, new ParcelPosted(parcel));
    }

    private void publish(String parcel, Object event) {
        DefaultUnitOfWork<?> unit = DefaultUnitOfWork.startAndGet(null);
        unit.attachTransaction(bean(TransactionManager.class));
        unit.execute(() ->
                bean(EventBus.class).publish(new GenericEventMessage<>(event, Map.of(Headers.PROCESS_KEY, parcel))));
    }

    /** Takes a parcel in and loses it, until its delivery is set aside. */
    void lose(String parcel) {
        publish(parcel, new ParcelHandedIn(parcel));
        publish(parcel, new ParcelLost(parcel));
        ParkedProcesses parked = bean(ParkedProcesses.class);
        Patience.await()
                .until(() -> parked.find(ParcelDelivery.PROCESSOR, parcel).isPresent());
    }

    /** Posts a parcel that cannot be delivered, and one behind it that can, until the first is set aside. */
    void fail(String parcel, RuntimeException failure) {
        courier().failures.put(parcel, failure);
        post(parcel);
        String good = "good-" + parcel;
        if (good.length() < 500) {
            post(good);
        }
        ParkedProcesses parked = bean(ParkedProcesses.class);
        Patience.await().until(() -> parked.find("courier", parcel).isPresent());
    }

    @Override
    public void close() {
        spring.close();
        database.close();
    }
}
