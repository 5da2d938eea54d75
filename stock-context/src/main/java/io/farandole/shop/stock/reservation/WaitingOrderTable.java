package io.farandole.shop.stock.reservation;

import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Table {@code app.waiting_order}. Thread-safe. */
@Component
class WaitingOrderTable implements WaitingOrders {

    private final JdbcClient jdbc;

    WaitingOrderTable(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** One place for all lines, so that an order is as early in each queue as in the others. */
    @Override
    public void add(String orderId, SortedMap<String, Long> quantities) {
        jdbc.sql(
                        """
                        insert into app.waiting_order (product_id, place, order_id, quantity)
                        select line.product_id, came.place, :order, line.quantity
                          from unnest(cast(:products as text[]), cast(:quantities as bigint[])) as line (product_id, quantity),
                               (select nextval('app.waiting_place') as place offset 0) as came""")
                .param("order", orderId)
                .param("products", quantities.keySet().toArray(String[]::new))
                .param("quantities", quantities.values().toArray(Long[]::new))
                .update();
    }

    @Override
    public void remove(Collection<String> orderIds) {
        if (orderIds.isEmpty()) {
            return;
        }
        jdbc.sql("delete from app.waiting_order where order_id = any(:orders)")
                .param("orders", orderIds.toArray(String[]::new))
                .update();
    }

    @Override
    public List<Waiting> fitting(String productId, long pieces, long after, int most) {
        return jdbc.sql(
                        """
                        select order_id, place from app.waiting_order
                         where product_id = :product and quantity <= :pieces and place > :after
                         order by place limit :most""")
                .param("product", productId)
                .param("pieces", pieces)
                .param("after", after)
                .param("most", most)
                .query(Waiting.class)
                .list();
    }

    @Override
    public List<Waiting> beyond(String productId, long pieces, int most) {
        return jdbc.sql(
                        """
                        select order_id, place from app.waiting_order
                         where product_id = :product and quantity > :pieces limit :most""")
                .param("product", productId)
                .param("pieces", pieces)
                .param("most", most)
                .query(Waiting.class)
                .list();
    }
}
