package io.farandole.acceptance.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.acceptance.checker.ShopAddresses;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The order service is replaced by its next version while orders flow, and back again: a saga has gained a field and a step, a
 * published event a field. Both versions run side by side for a while, on the same sagas.
 */
class TwoVersionsIT {

    private static final int ORDERS = 60;
    private static final Duration SETTLED_WITHIN = Duration.ofMinutes(3);
    private static final String SAGA =
            "order-context/src/main/java/io/farandole/shop/order/fulfilment/OrderFulfilment.java";
    private static final String EVENT =
            "shared-kernel/src/main/java/io/farandole/shop/kernel/order/v1/OrderConfirmed.java";

    @Test
    void anOrderIsFollowedByTheOldAndTheNewVersionInTurn(@TempDir Path target) throws Exception {
        RunningShop.Layout layout = new RunningShop.Layout(
                RunningShop.Layout.QUICK.javaOptions(),
                UnaryOperator.identity(),
                Map.of(),
                Map.of("order-2", nextVersion().program(target)));
        try (RunningShop shop = RunningShop.open(layout)) {
            Customers.receive(shop.address("stock"), Customers.PLENTY, 1_000_000);
            Customers.receive(shop.address("stock"), Customers.NOTHING, 1);
            Customers customers = new Customers(shop.address("order"));
            List<Future<?>> flow = customers.order(0, ORDERS);
            ServiceProcess old = shop.service("order");
            ServiceProcess next = shop.addInstanceOf("order");
            Customers.await(flow);

            // Side by side: segments are shared, so each handles some of the orders that the other one has taken.
            Customers both = new Customers(old.address(), next.address());
            Customers.await(both.order(ORDERS, ORDERS));
            flow = both.order(2 * ORDERS, ORDERS);
            old.stop();
            Customers.await(flow);
            assertThat(count(shop, "order", "select count(*) from farandole.saga where state like '%eventsHeard%'"))
                    .as("sagas that the new version has written")
                    .isPositive();
            assertThat(
                            count(
                                    shop,
                                    "stock",
                                    "select count(*) from farandole.journal where not own and payload like '%written by the next version%'"))
                    .as("events with a field that the follower does not know")
                    .isPositive();

            // And back.
            old.start();
            old.awaitReady();
            flow = both.order(3 * ORDERS, ORDERS);
            next.stop();
            Customers.await(flow);

            customers.accepted().addAll(both.accepted());
            Settling.awaitSettled(shop, customers.accepted(), SETTLED_WITHIN);
            assertThat(customers.accepted()).hasSize(4 * ORDERS);
        }
    }

    private static NextVersion nextVersion() throws Exception {
        return NextVersion.of("order-context", "io.farandole.shop.order.OrderApplication")
                .with(
                        SAGA,
                        "    private int timesLate;\n",
                        "    private int timesLate;\n    private int eventsHeard;\n")
                .with(SAGA, "        confirmed = true;\n", "        confirmed = true;\n        eventsHeard++;\n")
                .with(SAGA, "        cancelled = true;\n", "        cancelled = true;\n        eventsHeard++;\n")
                .with(
                        SAGA,
                        "@Saga\n",
                        "@Step(name = \"thanks\", startedBy = OrderConfirmed.class, completedBy = OrderFulfilled.class,"
                                + " deadline = OrderFulfilment.TIME_LIMIT, irreversible = \"words cannot be taken back\")\n@Saga\n")
                .with(
                        EVENT,
                        "public record OrderConfirmed(String orderId, Money total) {}",
                        """
                        public record OrderConfirmed(String orderId, Money total, String remark) {
                            public OrderConfirmed(String orderId, Money total) {
                                this(orderId, total, "written by the next version");
                            }
                        }
                        """);
    }

    private static long count(RunningShop shop, String context, String query) throws SQLException {
        ShopAddresses.Database database = shop.database(context);
        try (Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        }
    }
}
