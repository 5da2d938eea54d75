package io.farandole.acceptance.shop;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.acceptance.checker.ShopAddresses;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two instances of every service on the same databases and queues: they share the work, one dies, one is frozen and wakes up. */
class TwoOfEachIT {

    private static final int ORDERS = 100;

    /** Claims run out 10 s after they were last confirmed, and free segments are looked for every second; the rest is for a busy machine. */
    private static final Duration TAKEN_OVER_WITHIN = Duration.ofSeconds(20);

    private static final Duration CLAIMS_RUN_OUT = Duration.ofSeconds(15);
    private static final Duration SHARED_WITHIN = Duration.ofMinutes(1);
    private static final Duration SETTLED_WITHIN = Duration.ofMinutes(3);

    private RunningShop shop;
    private Customers customers;

    @SuppressWarnings("NullAway.Init") // open() fills the fields before each test
    TwoOfEachIT() {}

    @BeforeEach
    void open() throws Exception {
        shop = RunningShop.open(RunningShop.Layout.QUICK);
        shop.addInstances();
        customers = new Customers(
                shop.instances("order").get(0).address(),
                shop.instances("order").get(1).address());
        Customers.receive(shop.address("stock"), Customers.PLENTY, 1_000_000);
        Customers.receive(shop.address("stock"), Customers.NOTHING, 1);
    }

    @AfterEach
    void close() {
        if (shop != null) {
            shop.close();
        }
    }

    @Test
    void theyShareTheWorkAndNeitherADeadNorAFrozenOneHarmsIt() throws Exception {
        for (String context : ShopAddresses.CONTEXTS) {
            for (ServiceProcess instance : shop.instances(context)) {
                await(instance.name() + " has segments").atMost(SHARED_WITHIN).until(() -> segments(context)
                        .containsKey(owner(instance)));
            }
        }

        List<Future<?>> flow = customers.order(0, ORDERS);
        ServiceProcess dead = shop.service("stock");
        String deadOwner = owner(dead);
        dead.kill();
        await("the other instance has all segments of stock")
                .atMost(TAKEN_OVER_WITHIN)
                .until(() -> segments("stock")
                        .keySet()
                        .equals(Set.of(owner(shop.instances("stock").get(1)))));
        assertThat(segments("stock")).doesNotContainKey(deadOwner);
        Customers.await(flow);

        flow = customers.order(ORDERS, ORDERS);
        ServiceProcess frozen = shop.service("payment");
        int before = segments("payment").getOrDefault(owner(frozen), 0);
        assertThat(before).isPositive();
        frozen.pause();
        await("the other instance has what the frozen one had")
                .atMost(CLAIMS_RUN_OUT.plus(TAKEN_OVER_WITHIN))
                .until(() -> !segments("payment").containsKey(owner(frozen)));
        frozen.resume();
        Customers.await(flow);
        await("it has its share again").atMost(SHARED_WITHIN).until(() -> segments("payment")
                .containsKey(owner(frozen)));

        dead.start();
        dead.awaitReady();
        Settling.awaitSettled(shop, customers.accepted(), SETTLED_WITHIN);
        assertThat(customers.accepted()).hasSize(2 * ORDERS);
    }

    private static String owner(ServiceProcess instance) {
        return instance.pid() + "@";
    }

    /** How many segments each owner has, by the beginning of its name, which is its process id. */
    private Map<String, Integer> segments(String context) throws SQLException {
        ShopAddresses.Database database = shop.database(context);
        try (Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select split_part(owner, '@', 1) || '@', count(*)"
                        + " from farandole.token_entry where owner is not null group by 1")) {
            Map<String, Integer> segments = new HashMap<>();
            while (result.next()) {
                segments.put(result.getString(1), result.getInt(2));
            }
            return segments;
        }
    }
}
