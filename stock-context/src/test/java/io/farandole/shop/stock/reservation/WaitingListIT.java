package io.farandole.shop.stock.reservation;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;
import io.farandole.messaging.Inbox;
import io.farandole.messaging.JsonCodec;
import io.farandole.shop.kernel.Money;
import io.farandole.shop.kernel.order.v1.OrderCancelled;
import io.farandole.shop.kernel.order.v1.OrderLine;
import io.farandole.shop.kernel.order.v1.OrderPlaced;
import io.farandole.shop.kernel.order.v1.WaitingAccepted;
import io.farandole.shop.stock.StockApplication;
import io.farandole.shop.stock.inventory.ReceiveGoods;
import io.farandole.shop.stock.reservation.WaitingOrders.Waiting;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** Waiting on a real database: across restarts, with deadlines that pass meanwhile, and by the hundreds. */
class WaitingListIT {

    private static final Money PRICE = new Money(100, "EUR");

    private final TestDatabase database = PostgresServer.shared().createDatabase("waiting");
    private final JdbcTemplate jdbc = new JdbcTemplate(database.appDataSource());
    private final JsonCodec json = new JsonCodec();
    private ConfigurableApplicationContext service;
    private long sequence;

    @SuppressWarnings("NullAway.Init") // start() fills the field before each test
    WaitingListIT() {}

    @BeforeEach
    void start() {
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
        service = new SpringApplicationBuilder(StockApplication.class)
                .registerShutdownHook(false)
                .run(settings.entrySet().stream()
                        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new));
    }

    @AfterEach
    void stop() {
        service.close();
        database.close();
    }

    @Test
    void whoWaitsStillDoesAfterARestartAndItsTimeGoesOn() {
        receive("p", 1);
        place("holder", "p", 0);
        place("patient", "p", 3_600);
        place("hasty", "p", 2);
        place("second", "p", 3_600);
        await().until(() -> ofType("waiting-began").equals(List.of("patient", "hasty", "second")));
        service.close();
        start();
        await("the wait that was over meanwhile is")
                .until(() -> ofType("waiting-refused").equals(List.of("hasty")));
        cancel("holder");
        await().until(() -> ofType("waiting-served").equals(List.of("patient")));
        cancel("patient");
        await().until(() -> ofType("waiting-served").equals(List.of("patient", "second")));
        assertThat(count("select count(*) from app.waiting_order")).isZero();
        assertThat(count("select reserved from app.product_stock where product_id = 'p'"))
                .isEqualTo(1);
    }

    @Test
    void fiveHundredWhoWaitInVainAreToldByTheHundred() {
        receive("p", 1);
        place("holder", "p", 0);
        await().until(() -> ofType("order-reserved").equals(List.of("holder")));
        IntStream.range(0, 500).forEach(i -> place("waits-" + i, "p", 3_600));
        await().until(() -> count("select count(*) from app.waiting_order") == 500);
        service.getBean(CommandGateway.class).sendAndWait(new ReservationCommand.SellStock("holder"));
        await().until(() -> ofType("waiting-refused").size() == 500);
        await().until(() -> ofType("turn-ended").size() == 1);
        assertThat(ofType("turn-called")).hasSize(6);
        assertThat(count("select count(*) from app.waiting_order")).isZero();
        await().until(() -> count("select count(*) from farandole.saga where ended_at is null") == 1);
    }

    @Test
    void theTableAnswersAsTheOneInMemory() {
        WaitingOrders table = service.getBean(WaitingOrders.class);
        WaitingOrdersInMemory memory = new WaitingOrdersInMemory();
        for (WaitingOrders orders : List.of(table, memory)) {
            orders.add("one", new TreeMap<>(Map.of("a", 2L, "b", 1L)));
            orders.add("two", new TreeMap<>(Map.of("a", 5L)));
            orders.add("three", new TreeMap<>(Map.of("a", 1L)));
            orders.add("four", new TreeMap<>(Map.of("a", 7L, "b", 3L)));
            orders.remove(List.of());
            orders.remove(List.of("nobody"));
        }
        for (WaitingOrders orders : List.of(table, memory)) {
            assertThat(ids(orders.fitting("a", 2, 0, 10))).containsExactly("one", "three");
            assertThat(ids(orders.fitting("a", 100, 0, 2))).containsExactly("one", "two");
            long after = orders.fitting("a", 100, 0, 2).get(1).place();
            assertThat(ids(orders.fitting("a", 100, after, 10))).containsExactly("three", "four");
            assertThat(ids(orders.fitting("b", 1, 0, 10))).containsExactly("one");
            assertThat(ids(orders.beyond("a", 2, 10))).containsExactlyInAnyOrder("two", "four");
            assertThat(orders.beyond("a", 2, 1)).hasSize(1);
            orders.remove(List.of("one", "four"));
            assertThat(ids(orders.fitting("a", 100, 0, 10))).containsExactly("two", "three");
            assertThat(orders.fitting("b", 100, 0, 10)).isEmpty();
        }
    }

    private static List<String> ids(List<Waiting> waiting) {
        return waiting.stream().map(Waiting::orderId).toList();
    }

    private void receive(String product, long pieces) {
        service.getBean(CommandGateway.class).sendAndWait(new ReceiveGoods(product, pieces));
    }

    private void place(String order, String product, long waitSeconds) {
        if (waitSeconds > 0) {
            hear("order.waiting-accepted", order, new WaitingAccepted(order, waitSeconds));
        }
        hear(
                "order.order-placed",
                order,
                new OrderPlaced(order, "c", List.of(new OrderLine(product, 1, PRICE)), PRICE));
    }

    private void cancel(String order) {
        hear("order.order-cancelled", order, new OrderCancelled(order, "cancelled-by-customer"));
    }

    private void hear(String name, String order, Object payload) {
        long number = ++sequence;
        service.getBean(Inbox.class)
                .append(List.of(new Envelope(
                        "e-" + number,
                        "order",
                        new EventType(name, 1),
                        order,
                        Instant.now(),
                        order,
                        number,
                        order,
                        null,
                        null,
                        null,
                        json.write(payload))));
    }

    /** Whose they are, in the order of the journal. */
    private List<String> ofType(String type) {
        return jdbc.queryForList(
                "select coalesce(payload::jsonb ->> 'orderId', payload::jsonb ->> 'productId') from farandole.journal"
                        + " where own and payload_type = ? order by position",
                String.class,
                "stock." + type);
    }

    private long count(String sql) {
        Long count = jdbc.queryForObject(sql, Long.class);
        return count == null ? -1 : count;
    }
}
