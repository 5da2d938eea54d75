package io.farandole.shop.stock.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.axon.ParkedProcesses;
import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;
import io.farandole.messaging.Inbox;
import io.farandole.messaging.JsonCodec;
import io.farandole.shop.kernel.Money;
import io.farandole.shop.kernel.order.v1.OrderCancelled;
import io.farandole.shop.kernel.order.v1.OrderConfirmed;
import io.farandole.shop.kernel.order.v1.OrderLine;
import io.farandole.shop.kernel.order.v1.OrderPlaced;
import io.farandole.shop.kernel.payment.v1.PaymentCaptured;
import io.farandole.shop.stock.StockApplication;
import io.farandole.shop.stock.reservation.ReservationCommand.ReleaseStock;
import io.farandole.shop.stock.reservation.ReservationCommand.ReserveStock;
import io.farandole.shop.stock.reservation.ReservationCommand.SellStock;
import io.farandole.testservers.Patience;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** 64 writers and the orders' sagas want one product, in two instances of the service on one database. */
class HotProductIT {

    private static final int WRITERS = 64;
    private static final int ROUNDS = 4;
    private static final String PRODUCT = "p-hot";
    private static final Money PRICE = new Money(100, "EUR");

    private final TestDatabase database = PostgresServer.shared().createDatabase("hot");
    private final List<ConfigurableApplicationContext> instances = new ArrayList<>();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final JsonCodec json = new JsonCodec();
    private final JdbcTemplate jdbc = new JdbcTemplate(database.appDataSource());
    private final AtomicLong sequence = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final AtomicInteger orders = new AtomicInteger();
    private final AtomicInteger repeated = new AtomicInteger();

    @BeforeEach
    void starts() {
        instances.add(start());
        instances.add(start());
    }

    private ConfigurableApplicationContext start() {
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
        settings.put("spring.jmx.enabled", "false");
        return new SpringApplicationBuilder(StockApplication.class)
                .registerShutdownHook(false)
                .run(settings.entrySet().stream()
                        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new));
    }

    @AfterEach
    void stops() {
        instances.forEach(ConfigurableApplicationContext::close);
        database.close();
    }

    @Test
    void aStormOfWritersSellsNoPieceTwiceAndStopsNobody() throws Exception {
        receive(instances.get(0), 150);
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        try {
            CyclicBarrier together = new CyclicBarrier(WRITERS);
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                Random random = new Random(i);
                ConfigurableApplicationContext instance = instances.get(i % instances.size());
                all.add(writers.submit(() -> {
                    together.await(Patience.SECONDS, TimeUnit.SECONDS);
                    for (int round = 0; round < ROUNDS; round++) {
                        write(instance, random);
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                // Each is answered; what nobody answers within the minute fails here.
                one.get(180, TimeUnit.SECONDS);
            }
        } finally {
            writers.shutdownNow();
        }
        Patience.await()
                .untilAsserted(() -> assertThat(count("select count(*) from farandole.saga where ended_at is not null"))
                        .isEqualTo(orders.get()));
        assertNobodyIsSetAside();
        assertEveryPieceIsAccountedFor();
    }

    private void write(ConfigurableApplicationContext instance, Random random) {
        switch (random.nextInt(4)) {
            case 0 -> receive(instance, 1 + random.nextInt(3));
            case 1 -> command(instance, random);
            default -> order(instance, random);
        }
    }

    /** As a client does: what was refused for a conflict after all retries is asked again. */
    private void receive(ConfigurableApplicationContext instance, int pieces) {
        String port = instance.getEnvironment().getRequiredProperty("local.server.port");
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + port + "/products/" + PRODUCT + "/receipts"))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"quantity\":" + pieces + "}"))
                .build();
        HttpResponse<String> answer = send(request);
        while (answer.statusCode() == 503 && answer.body().contains("nothing was done")) {
            repeated.incrementAndGet();
            answer = send(request);
        }
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        received.addAndGet(pieces);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException("No answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    private void command(ConfigurableApplicationContext instance, Random random) {
        CommandGateway commands = instance.getBean(CommandGateway.class);
        String order = "command-" + sequence.incrementAndGet();
        TreeMap<String, Long> wanted = new TreeMap<>(Map.of(PRODUCT, 1L + random.nextInt(3)));
        if (Boolean.TRUE.equals(commands.sendAndWait(new ReserveStock(order, wanted)))) {
            commands.sendAndWait(random.nextBoolean() ? new SellStock(order) : new ReleaseStock(order));
        }
    }

    /** An order's events in any order, and some of them twice. */
    private void order(ConfigurableApplicationContext instance, Random random) {
        String order = "order-" + orders.incrementAndGet();
        List<Envelope> events = new ArrayList<>();
        events.add(event(
                "order.order-placed",
                order,
                new OrderPlaced(order, "c", List.of(new OrderLine(PRODUCT, 1L + random.nextInt(3), PRICE)), PRICE)));
        if (random.nextInt(3) == 0) {
            events.add(event("order.order-cancelled", order, new OrderCancelled(order, "cancelled-by-customer")));
        } else {
            events.add(event("order.order-confirmed", order, new OrderConfirmed(order, PRICE)));
            events.add(event("payment.payment-captured", order, new PaymentCaptured(order, PRICE)));
        }
        Collections.shuffle(events, random);
        events.add(events.get(0));
        Inbox inbox = instance.getBean(Inbox.class);
        events.forEach(event -> inbox.append(List.of(event)));
    }

    private Envelope event(String name, String order, Object payload) {
        long number = sequence.incrementAndGet();
        return new Envelope(
                "e-" + number,
                name.substring(0, name.indexOf('.')),
                new EventType(name, 1),
                order,
                Instant.now(),
                order,
                number,
                order,
                null,
                null,
                null,
                json.write(payload));
    }

    private void assertNobodyIsSetAside() {
        for (ConfigurableApplicationContext instance : instances) {
            assertThat(instance.getBean(ParkedProcesses.class).count().parked()).isZero();
            assertThat(instance.getBean(ParkedProcesses.class).count().retrying())
                    .isZero();
        }
    }

    /** From the journal alone, and after each event. */
    private void assertEveryPieceIsAccountedFor() {
        long available = 0;
        long reserved = 0;
        long sold = 0;
        long in = 0;
        for (Map<String, @Nullable Object> row : jdbc.queryForList(
                "select payload_type, payload from farandole.journal where own and aggregate_id = ? order by sequence",
                PRODUCT)) {
            JsonNode event = json.readTree(String.valueOf(row.get("payload")));
            long pieces = event.path("quantity").asLong();
            switch (String.valueOf(row.get("payload_type"))) {
                case "stock.goods-received" -> {
                    in += pieces;
                    available += pieces;
                }
                case "stock.pieces-reserved" -> {
                    available -= pieces;
                    reserved += pieces;
                }
                case "stock.pieces-released" -> {
                    reserved -= pieces;
                    available += pieces;
                }
                case "stock.pieces-sold" -> {
                    reserved -= pieces;
                    sold += pieces;
                }
                default -> {
                    sold -= pieces;
                    available += pieces;
                }
            }
            assertThat(Math.min(Math.min(available, reserved), sold))
                    .as("after " + event)
                    .isNotNegative();
        }
        assertThat(in).isEqualTo(received.get());
        assertThat(reserved).as("held for nobody").isZero();
        assertThat(available + sold).isEqualTo(in);
        assertThat(sold).isEqualTo(soldByReservations());
    }

    /** What the orders' own histories say that they have. */
    private long soldByReservations() {
        Long sold = jdbc.queryForObject(
                "select coalesce(sum((r.payload::jsonb -> 'quantities' ->> ?)::bigint), 0) from farandole.journal r"
                        + " where r.own and r.payload_type = 'stock.order-reserved' and exists (select from farandole.journal s"
                        + " where s.own and s.aggregate_id = r.aggregate_id and s.payload_type = 'stock.reservation-sold')"
                        + " and not exists (select from farandole.journal b where b.own and b.aggregate_id = r.aggregate_id"
                        + " and b.payload_type = 'stock.reservation-released')",
                Long.class,
                PRODUCT);
        return sold == null ? -1 : sold;
    }

    private long count(String sql) {
        Long count = jdbc.queryForObject(sql, Long.class);
        return count == null ? -1 : count;
    }
}
