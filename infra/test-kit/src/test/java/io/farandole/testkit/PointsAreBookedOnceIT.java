package io.farandole.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;
import io.farandole.messaging.Inbox;
import io.farandole.testkit.points.PointsApplication;
import io.farandole.testservers.Patience;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** The table of points has nothing against doubles: the barrier alone keeps them out. */
class PointsAreBookedOnceIT {

    private final Dance dance = Dance.of(Dancer.of("points", PointsApplication.class)
            .with("farandole.rabbitmq.enabled", "false")
            .with("spring.main.web-application-type", "none"));
    private final RunningContext context = dance.context("points");
    private final JdbcTemplate jdbc = new JdbcTemplate(context.database().appDataSource());
    private long sequence;

    @BeforeEach
    void createTable() throws Exception {
        try (Connection admin = context.database().connectAsAdmin();
                Statement statement = admin.createStatement()) {
            statement.execute(
                    "create table app.points (id bigint generated always as identity, order_id text, points bigint);"
                            + " grant select, insert on app.points to \""
                            + context.database().appUser() + "\"");
        }
    }

    @AfterEach
    void close() {
        dance.close();
    }

    @Test
    void whateverComesTwiceOrTooEarly() {
        confirm("twice");
        confirm("twice");
        cancel("twice");
        cancel("twice");
        confirm("twice");
        cancel("cancelled-first");
        confirm("cancelled-first");
        confirm("last");
        Patience.await().until(() -> !points("last").isEmpty());
        assertThat(points("last")).containsExactly(20L);
        assertThat(points("twice")).containsExactly(20L, -20L);
        assertThat(points("cancelled-first")).isEmpty();
    }

    private List<Long> points(String order) {
        return jdbc.queryForList("select points from app.points where order_id = ? order by id", Long.class, order);
    }

    private void confirm(String order) {
        receive("order.order-confirmed", order, "{\"orderId\":\"%s\",\"total\":{\"minor\":2000,\"currency\":\"EUR\"}}");
    }

    private void cancel(String order) {
        receive("order.order-cancelled", order, "{\"orderId\":\"%s\",\"reason\":\"declined\"}");
    }

    /** Each under an id of its own: the inbox knows none of them, and keeps none out. */
    private void receive(String type, String order, String body) {
        context.bean(Inbox.class)
                .append(List.of(new Envelope(
                        UUID.randomUUID().toString(),
                        "order",
                        new EventType(type, 1),
                        order,
                        Instant.now(),
                        order,
                        ++sequence,
                        order,
                        null,
                        null,
                        null,
                        body.formatted(order))));
    }
}
