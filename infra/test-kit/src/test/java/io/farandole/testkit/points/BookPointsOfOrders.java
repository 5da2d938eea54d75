package io.farandole.testkit.points;

import io.farandole.saga.barrier.Barrier;
import io.farandole.shop.kernel.order.v1.OrderCancelled;
import io.farandole.shop.kernel.order.v1.OrderConfirmed;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
@ProcessingGroup("points")
public class BookPointsOfOrders {

    private static final String STEP = "book-points";

    private final Barrier barrier;
    private final JdbcClient jdbc;

    BookPointsOfOrders(Barrier barrier, JdbcClient jdbc) {
        this.barrier = barrier;
        this.jdbc = jdbc;
    }

    @EventHandler
    void on(OrderConfirmed event) {
        if (barrier.forward(event.orderId(), STEP) == Barrier.Forward.PASS) {
            jdbc.sql("insert into app.points (order_id, points) values (?, ?)")
                    .params(event.orderId(), event.total().minor() / 100)
                    .update();
        }
    }

    @EventHandler
    void on(OrderCancelled event) {
        if (barrier.compensate(event.orderId(), STEP) == Barrier.Compensation.PASS) {
            jdbc.sql(
                            "insert into app.points (order_id, points) select order_id, -points from app.points where order_id = ?")
                    .params(event.orderId())
                    .update();
        }
    }
}
