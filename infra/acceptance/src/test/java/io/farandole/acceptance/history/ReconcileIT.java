package io.farandole.acceptance.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.acceptance.shop.Customers;
import io.farandole.acceptance.shop.RunningShop;
import io.farandole.acceptance.shop.ServiceProcess;
import io.farandole.acceptance.shop.Settling;
import io.farandole.testservers.Patience;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Three services that agree, until an event is lost on the way to one of them. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReconcileIT {

    private static final String CONFIRMED = "order.order-confirmed.v1";

    private static RunningShop shop;
    private static Customers customers;

    @BeforeAll
    static void opens() throws Exception {
        RunningShop.Layout quick = RunningShop.Layout.QUICK;
        shop = RunningShop.open(new RunningShop.Layout(
                quick.javaOptions(),
                UnaryOperator.identity(),
                Auditor.ENVIRONMENT,
                Map.of(),
                (name, environment) -> name.equals("order-2") ? careless(environment) : environment,
                null));
        Customers.receive(shop.address("stock"), Customers.PLENTY, 1_000_000);
        Customers.receive(shop.address("stock"), Customers.NOTHING, 1);
        customers = new Customers(shop.address("order"));
        Customers.await(customers.order(0, 60));
        Settling.awaitSettled(shop, customers.accepted(), Duration.ofMinutes(2));
    }

    @AfterAll
    static void closes() {
        if (shop != null) {
            shop.close();
        }
    }

    @Test
    @Order(1)
    void contextsThatAgreeAreFoundToAgree() throws Exception {
        TypedCommand typed = reconcile();
        assertThat(typed.exitCode()).as(typed.toString()).isZero();
        assertThat(typed.out())
                .contains("order -> payment: ", "order -> stock: ", "stock -> order: ", "payment -> stock: ")
                .contains("books of order and payment (paid, sale): ", "books of order and stock (sold): ")
                .contains("The contexts agree.");
    }

    @Test
    @Order(2)
    void anEventThatWasLostByABindingThatWasAwayIsNamed() throws Exception {
        ServiceProcess careless = shop.addInstanceOf("order");
        shop.service("order").stop();
        Customers others = new Customers(careless.address());
        awaitReceived("stock", others.place(1_000, "tok_ok", Customers.PLENTY));
        String binding = "bindings/" + shop.broker().vhost() + "/e/order.events/q/stock.inbox/";
        shop.broker().manage("DELETE", binding + CONFIRMED, "");
        String lost = others.place(1_001, "tok_ok", Customers.PLENTY);
        awaitReceived("payment", lost);
        shop.provideAgain("stock");
        String later = others.place(1_002, "tok_ok", Customers.PLENTY);
        awaitReceived("stock", later);
        careless.stop();
        shop.service("order").start();
        shop.service("order").awaitReady();

        Patience.await().pollInterval(Duration.ofSeconds(3)).untilAsserted(() -> {
            TypedCommand typed = reconcile();
            assertThat(typed.out()).contains("MISSING #").contains(CONFIRMED + ", process " + lost);
            assertThat(typed.out()).contains("1 different").doesNotContain(later);
            assertThat(typed.exitCode()).isEqualTo(1);
        });
        assertThat(reconcile("--format", "json").out()).contains("\"processKey\" : \"" + lost + "\"");
    }

    @Test
    @Order(3)
    void whatWasLostIsSentAgainToThatFollowerAlone() throws Exception {
        TypedCommand begun = TypedCommand.of(
                shop,
                "backfill",
                "--context",
                "order",
                "--to",
                "stock",
                "--types",
                CONFIRMED,
                "--reason",
                "a binding was away");
        assertThat(begun.exitCode()).as(begun.toString()).isZero();
        Patience.await()
                .untilAsserted(() -> assertThat(TypedCommand.of(shop, "backfill", "status", "1", "--context", "order")
                                .out())
                        .contains("to stock: DONE, 100 %"));
        Patience.await()
                .pollInterval(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(reconcile().exitCode()).isZero());
        for (String other : List.of("order", "payment")) {
            String queue =
                    shop.broker().manage("GET", "queues/" + shop.broker().vhost() + "/" + other + ".backfill", "");
            assertThat(queue).doesNotContain("\"publish\":");
        }
        assertThat(TypedCommand.of(shop, "backfill", "--context", "order", "--to", "nobody", "--reason", "x")
                        .err())
                .contains("nobody is not declared to follow anything of order");
    }

    @Test
    @Order(4)
    void aBackfillGoesOnAfterItsProducerAndTheBrokerWereKilled() throws Exception {
        TypedCommand begun = TypedCommand.of(
                shop, "backfill", "--context", "order", "--to", "stock", "--rate", "15", "--reason", "all of it again");
        assertThat(begun.exitCode()).as(begun.toString()).isZero();
        String history = "select count(*) from farandole.journal where own and wire_type is not null"
                + " and wire_type <> 'order.payment-requested.v1'";
        long all = number("order", history);
        Patience.await().until(() -> sent() > 15);
        shop.service("order").kill();
        shop.service("order").start();
        shop.service("order").awaitReady();
        long before = sent();
        assertThat(before).isLessThan(all);
        Patience.await().until(() -> sent() > before + 15);
        shop.rabbit().kill();
        shop.rabbit().restart();
        Patience.await()
                .until(() -> number("order", "select count(*) from farandole.backfill where state = 'DONE'") == 2);
        assertThat(sent()).isGreaterThanOrEqualTo(all);
        // Everything was there already: nothing has been doubled, nor come in another order.
        Patience.await().pollInterval(Duration.ofSeconds(2)).untilAsserted(() -> {
            TypedCommand typed = reconcile();
            assertThat(typed.exitCode()).as(typed.toString()).isZero();
        });
    }

    private static long sent() throws SQLException {
        return number("order", "select events from farandole.backfill order by id desc limit 1");
    }

    private static long number(String context, String query) throws SQLException {
        try (Connection connection = connect(context);
                PreparedStatement statement = connection.prepareStatement(query);
                ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Test
    @Order(5)
    void aFigureThatWasAlteredIsNamedInMessagesAndBooks() throws Exception {
        asSuperuser(
                "payment",
                "update farandole.journal set wire_payload = regexp_replace(coalesce(wire_payload, payload),"
                        + " '\"minor\": *\\d+', '\"minor\":13') where position = (select max(position)"
                        + " from farandole.journal where own and wire_type = 'payment.payment-captured.v1')");
        TypedCommand typed = reconcile();
        assertThat(typed.exitCode()).isEqualTo(1);
        assertThat(typed.out())
                .contains("payment -> order: ", "CHANGED #", "differ in body")
                .contains("payment says 13.");
    }

    @Test
    @Order(100)
    void aContextThatIsDownIsNamed() throws Exception {
        shop.service("payment").kill();
        TypedCommand typed = reconcile();
        assertThat(typed.out()).contains("MISSING ANSWER: payment: ").contains("order -> stock: ");
        assertThat(typed.exitCode()).isEqualTo(3);
    }

    /** Looks so seldom at its followers' bindings that one may be away for a while and nobody notices. */
    private static Map<String, String> careless(Map<String, String> environment) {
        Map<String, String> changed = new HashMap<>(environment);
        changed.put("FARANDOLE_RELAY_BINDING_CHECK_INTERVAL", "10m");
        changed.put("FARANDOLE_RELAY_SAVE_INTERVAL", "10m");
        changed.put("FARANDOLE_RELAY_SAVE_EVERY", "1000000");
        return changed;
    }

    private static TypedCommand reconcile(String... options) throws Exception {
        String[] arguments = new String[options.length + 3];
        arguments[0] = "reconcile";
        arguments[1] = "--within";
        arguments[2] = "0";
        System.arraycopy(options, 0, arguments, 3, options.length);
        return TypedCommand.of(shop, arguments);
    }

    private static void awaitReceived(String context, String orderId) {
        Patience.await().until(() -> {
            try (Connection connection = connect(context);
                    PreparedStatement statement = connection.prepareStatement(
                            "select count(*) from farandole.journal where not own and wire_type = ? and process_key = ?")) {
                statement.setString(1, CONFIRMED);
                statement.setString(2, orderId);
                try (ResultSet rows = statement.executeQuery()) {
                    return rows.next() && rows.getLong(1) == 1;
                }
            }
        });
    }

    private static void asSuperuser(String context, String sql) throws SQLException {
        try (Connection connection = connect(context);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }
    }

    private static Connection connect(String context) throws SQLException {
        var database = shop.database(context);
        return DriverManager.getConnection(database.url(), database.user(), database.password());
    }
}
