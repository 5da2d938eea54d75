package io.farandole.shop.order.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.shop.order.OrderAlone;
import io.farandole.testservers.Patience;
import io.farandole.testservers.PostgresProxy;
import io.farandole.testservers.PostgresProxy.CommitFault;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** What a client and the journal see where the answer to an order's COMMIT is lost between the service and its database. */
class LostCommitIT {

    private static final String ORDER =
            "{\"customerId\":\"c-1\",\"paymentToken\":\"tok_ok\",\"lines\":[{\"productId\":\"p-1\","
                    + "\"quantity\":1,\"unitPrice\":{\"amount\":\"9.90\",\"currency\":\"EUR\"}}]}";
    private static final String PLACES_AN_ORDER = "insert into order_status";

    private static TestDatabase database;
    private static PostgresProxy proxy;
    private static ConfigurableApplicationContext service;
    private static Http http;
    private static JdbcTemplate jdbc;

    @BeforeAll
    static void starts() {
        database = PostgresServer.shared().createDatabase("lost_commit");
        proxy = PostgresProxy.to(database.server());
        service = OrderAlone.start(
                database,
                Map.of(
                        "spring.datasource.url",
                        proxy.url(database),
                        "spring.datasource.hikari.data-source-properties.socketTimeout",
                        "12"));
        http = new Http(OrderAlone.port(service));
        jdbc = new JdbcTemplate(database.appDataSource());
    }

    @AfterAll
    static void stops() {
        if (service != null) {
            service.close();
        }
        proxy.close();
        database.close();
    }

    @AfterEach
    void heals() {
        proxy.heal();
    }

    /** Whether the commit took place or not: the client asks again under its key, and there is one order. */
    @ParameterizedTest
    @EnumSource(CommitFault.class)
    void aClientThatAsksAgainUnderItsKeyGetsOneOrder(CommitFault fault) {
        String key = "key-" + fault;
        long before = ordersInTheJournal();
        long struck = proxy.struck();
        proxy.onCommitAfter(PLACES_AN_ORDER, fault);

        assertUnknown(http.post("/orders", ORDER, "Idempotency-Key", key));
        assertThat(proxy.struck()).isEqualTo(struck + 1);
        assertThat(ordersInTheJournal()).isEqualTo(fault == CommitFault.NEVER_ARRIVES ? before : before + 1);

        Http.Answer again = http.post("/orders", ORDER, "Idempotency-Key", key);
        assertThat(again.status()).as(again.body()).isEqualTo(202);
        assertThat(http.post("/orders", ORDER, "Idempotency-Key", key).text("orderId"))
                .isEqualTo(again.text("orderId"));
        assertThat(http.get("/orders/" + again.text("orderId")).status()).isEqualTo(200);
        assertThat(ordersInTheJournal()).isEqualTo(before + 1);
        assertThat(ordersToRead()).isEqualTo(ordersInTheJournal());
    }

    /** Without a key nobody but the client may decide to ask again. */
    @ParameterizedTest
    @EnumSource(
            value = CommitFault.class,
            names = {"ANSWER_LOST", "NEVER_ARRIVES"})
    void withoutAKeyTheServiceDoesNotAskAgainByItself(CommitFault fault) {
        long before = ordersInTheJournal();
        proxy.onCommitAfter(PLACES_AN_ORDER, fault);
        assertUnknown(http.post("/orders", ORDER));
        assertThat(ordersInTheJournal()).isEqualTo(fault == CommitFault.NEVER_ARRIVES ? before : before + 1);
    }

    /** Orders that share a transaction share its unknown end: run again one by one, they would be there twice. */
    @ParameterizedTest
    @EnumSource(
            value = CommitFault.class,
            names = {"ANSWER_LOST", "NEVER_ARRIVES"})
    void ordersThatShareALostCommitAreNotPlacedTwice(CommitFault fault) throws Exception {
        int clients = 24;
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try (Connection admin = database.connectAsAdmin();
                Statement statement = admin.createStatement()) {
            long before = ordersInTheJournal();
            long struck = proxy.struck();
            admin.setAutoCommit(false);
            // Two transactions stand still, and the others wait to share the next ones.
            statement.execute("lock table app.order_status in share mode");
            List<Future<Http.Answer>> answers = IntStream.range(0, clients)
                    .mapToObj(i -> threads.submit(() -> http.post("/orders", ORDER)))
                    .toList();
            Patience.await().pollDelay(Duration.ofMillis(500)).until(() -> waitingForTheTable() == 2);
            // Those two, and the one in which the others are.
            for (int i = 0; i < 3; i++) {
                proxy.onCommitAfter(PLACES_AN_ORDER, fault);
            }
            admin.rollback();
            int accepted = 0;
            for (Future<Http.Answer> answer : answers) {
                Http.Answer got = answer.get(Patience.SECONDS, TimeUnit.SECONDS);
                if (got.status() == 202) {
                    accepted++;
                } else {
                    assertUnknown(got);
                }
            }
            assertThat(ordersInTheJournal())
                    .isEqualTo(before + (fault == CommitFault.NEVER_ARRIVES ? accepted : clients));
            assertThat(proxy.struck()).isEqualTo(struck + 3);
            assertThat(clients - accepted)
                    .as("orders in transactions that were hit")
                    .isGreaterThan(3);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void anOrderCommitsThroughTheProxyAsEver() {
        long before = ordersInTheJournal();
        assertThat(http.post("/orders", ORDER).status()).isEqualTo(202);
        assertThat(ordersInTheJournal()).isEqualTo(before + 1);
    }

    private static void assertUnknown(Http.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(503);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.text("detail")).contains("unknown whether");
    }

    private static long ordersInTheJournal() {
        return count("select count(*) from farandole.journal where own and wire_type = 'order.order-placed.v1'");
    }

    private static long ordersToRead() {
        return count("select count(*) from app.order_status");
    }

    private static long waitingForTheTable() {
        return count("select count(*) from pg_locks where relation = 'app.order_status'::regclass and not granted");
    }

    private static long count(String sql) {
        Long count = jdbc.queryForObject(sql, Long.class);
        return count == null ? -1 : count;
    }
}
