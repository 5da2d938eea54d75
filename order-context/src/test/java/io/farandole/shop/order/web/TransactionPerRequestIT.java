package io.farandole.shop.order.web;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.farandole.messaging.failpoint.Failpoint;
import io.farandole.shop.order.OrderAlone;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * One transaction per request: opened, and committed or rolled back around it, whatever is thrown and wherever; nothing is written by half,
 * and no connection is left behind.
 */
class TransactionPerRequestIT {

    private static final String ORDER =
            "{\"customerId\":\"c-1\",\"paymentToken\":\"tok_ok\",\"lines\":[{\"productId\":\"p-1\","
                    + "\"quantity\":1,\"unitPrice\":{\"amount\":\"9.90\",\"currency\":\"EUR\"}}]}";

    private static TestDatabase database;
    private static ConfigurableApplicationContext service;
    private static Http http;
    private static JdbcTemplate jdbc;

    @BeforeAll
    static void starts() {
        database = PostgresServer.shared().createDatabase("per_request");
        service = OrderAlone.start(database, Map.of());
        http = new Http(OrderAlone.port(service));
        jdbc = new JdbcTemplate(database.appDataSource());
    }

    @AfterAll
    static void stops() {
        if (service != null) {
            service.close();
        }
        database.close();
    }

    @AfterEach
    void endsInterruption() {
        Interruption.end();
    }

    static Stream<Arguments> wherever() {
        Supplier<Throwable> defect = () -> new IllegalStateException("a defect");
        Supplier<Throwable> panic = () -> new AssertionError("a panic");
        return Stream.of(
                        Failpoint.UNIT_WRITING,
                        Failpoint.UNIT_WRITTEN,
                        Failpoint.POST_WRITTEN,
                        Failpoint.UNIT_COMMITTED,
                        Failpoint.POST_COMMITTED)
                .flatMap(point ->
                        Stream.of(Arguments.of(point, "exception", defect), Arguments.of(point, "error", panic)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("wherever")
    void eitherAllOfARequestIsThereOrNothing(Failpoint point, String kind, Supplier<Throwable> thrown) {
        boolean committed = point == Failpoint.UNIT_COMMITTED || point == Failpoint.POST_COMMITTED;
        String key = point + "-" + kind;
        long before = ordersInTheJournal();

        Interruption.at(point, thrown);
        Http.Answer interrupted = http.post("/orders", ORDER, "Idempotency-Key", key);
        assertThat(Interruption.end()).as("times that it was thrown").isPositive();

        long written = committed ? before + 1 : before;
        assertThat(ordersInTheJournal()).isEqualTo(written);
        assertThat(count("select count(*) from app.order_status")).isEqualTo(written);
        assertThat(count("select count(*) from farandole.idempotency")).isEqualTo(written);
        if (!committed) {
            assertThat(interrupted.status()).as(interrupted.body()).isEqualTo(500);
            assertThat(interrupted.header("Content-Type")).startsWith("application/problem+json");
        }
        await("no connection is left behind")
                .until(() -> service.getBean(HikariDataSource.class)
                                .getHikariPoolMXBean()
                                .getActiveConnections()
                        == 0);
        assertThat(count("select count(*) from pg_stat_activity where datname = current_database()"
                        + " and state like 'idle in transaction%' and xact_start < now() - interval '1 second'"))
                .isZero();

        Http.Answer again = http.post("/orders", ORDER, "Idempotency-Key", key);
        assertThat(again.status()).as(again.body()).isEqualTo(202);
        assertThat(ordersInTheJournal()).isEqualTo(before + 1);
        assertThat(http.get("/orders/" + again.text("orderId")).status()).isEqualTo(200);
    }

    private static long ordersInTheJournal() {
        return count("select count(*) from farandole.journal where own and wire_type = 'order.order-placed.v1'");
    }

    private static long count(String sql) {
        Long count = jdbc.queryForObject(sql, Long.class);
        return count == null ? -1 : count;
    }
}
