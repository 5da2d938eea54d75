package io.farandole.bench;

import com.rabbitmq.client.Connection;
import io.farandole.acceptance.shop.ServiceProcess;
import io.farandole.bench.Faults.Struck;
import io.farandole.testservers.TestBroker;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Does to a shop what a bad day does. Used by one thread. */
final class Striking {

    private static final Logger LOG = LoggerFactory.getLogger(Striking.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration BROKER_AWAY = Duration.ofSeconds(60);
    private static final Duration BROKER_BACK_WITHIN = Duration.ofMinutes(2);
    private static final long LOOK_NANOS = 50_000_000;

    private final ShopOnTheBench shop;

    Striking(ShopOnTheBench shop) {
        this.shop = shop;
    }

    /** As {@code kill -9}; back is when the new process is started. */
    Struck kill(String context) throws InterruptedException {
        ServiceProcess service = shop.shop().service(context);
        service.kill();
        long at = System.nanoTime();
        service.start();
        long started = System.nanoTime();
        service.awaitReady();
        return new Struck(at, started, (System.nanoTime() - started) / 1e9);
    }

    /** Resets every connection of the service to its database. */
    Struck resetDatabase(String context) {
        int count = shop.resetDatabaseConnections(context);
        long at = System.nanoTime();
        if (count == 0) {
            throw new IllegalStateException("The " + context + " service had no connection to its database");
        }
        return new Struck(at, at, 0);
    }

    /** The broker closes every connection of the service. */
    Struck closeBrokerConnections(String context) {
        TestBroker broker = shop.shop().broker();
        int closed = 0;
        for (JsonNode connection :
                JSON.readTree(broker.manage("GET", "vhosts/" + broker.vhost() + "/connections", ""))) {
            if (connection.path("user").asString("").equals(context)) {
                String name = connection.path("name").asString("");
                broker.manage(
                        "DELETE",
                        "connections/"
                                + URLEncoder.encode(name, StandardCharsets.UTF_8)
                                        .replace("+", "%20"),
                        "");
                closed++;
            }
        }
        long at = System.nanoTime();
        if (closed == 0) {
            throw new IllegalStateException("The " + context + " service had no connection to the broker");
        }
        return new Struck(at, at, 0);
    }

    /** The broker is stopped in order, and started again after a minute; back is when it takes a connection. */
    Struck stopBroker() throws Exception {
        shop.shop().rabbit().stop();
        long at = System.nanoTime();
        Pause.of(BROKER_AWAY);
        CompletableFuture<Void> restart =
                CompletableFuture.runAsync(() -> shop.shop().rabbit().restart());
        long back = awaitBroker();
        restart.get(BROKER_BACK_WITHIN.toSeconds(), TimeUnit.SECONDS);
        return new Struck(at, back, 0);
    }

    private long awaitBroker() {
        long since = System.nanoTime();
        while (System.nanoTime() - since < BROKER_BACK_WITHIN.toNanos()) {
            try (Connection connection =
                    shop.shop().broker().adminConnectionFactory().newConnection("faults")) {
                if (connection.isOpen()) {
                    return System.nanoTime();
                }
            } catch (IOException | TimeoutException e) {
                LOG.debug("The broker is not back yet: {}", e.toString());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        throw new IllegalStateException("The broker does not answer within " + BROKER_BACK_WITHIN);
    }
}
