package io.farandole.shop.order;

import io.farandole.testservers.TestDatabase;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The order service on a database, at a free port, without a broker. */
public final class OrderAlone {

    private OrderAlone() {}

    /**
     * Starts it; the caller closes it.
     *
     * @param more settings, which outweigh those that are made here
     */
    public static ConfigurableApplicationContext start(TestDatabase database, Map<String, String> more) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("farandole.rabbitmq.enabled", "false");
        settings.put("spring.datasource.url", database.url());
        settings.put("spring.datasource.username", database.appUser());
        settings.put("spring.datasource.password", database.appPassword());
        settings.put("farandole.migration.user", database.migratorUser());
        settings.put("farandole.migration.password", database.migratorPassword());
        settings.put("farandole.migration.role", database.ownerRole());
        settings.put("server.port", "0");
        settings.put("spring.main.banner-mode", "off");
        settings.putAll(more);
        return new SpringApplicationBuilder(OrderApplication.class)
                .registerShutdownHook(false)
                .run(settings.entrySet().stream()
                        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new));
    }

    /** Where it listens. */
    public static int port(ConfigurableApplicationContext service) {
        return Integer.parseInt(service.getEnvironment().getRequiredProperty("local.server.port"));
    }
}
