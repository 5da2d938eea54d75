package io.farandole.shop.order.tracking;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** The rows of {@code app.order_status}. */
interface OrderStatusViews extends Repository<OrderStatusView, String> {

    OrderStatusView save(OrderStatusView view);

    Optional<OrderStatusView> findById(String orderId);

    List<OrderStatusView> findAllByOrderIdIn(Collection<String> orderIds);

    @Query(
            """
            select o from OrderStatusView o
            where (:status is null or o.status = :status)
            order by o.placedAt desc, o.orderId desc""")
    List<OrderStatusView> newest(@Nullable OrderStatus status, Limit limit);

    /** Row comparison is what PostgreSQL answers from the index, whatever the depth of the page. */
    @Query(
            """
            select o from OrderStatusView o
            where (:status is null or o.status = :status) and (o.placedAt, o.orderId) < (:placedAt, :orderId)
            order by o.placedAt desc, o.orderId desc""")
    List<OrderStatusView> olderThan(@Nullable OrderStatus status, Instant placedAt, String orderId, Limit limit);

    @Query("select o.orderId from OrderStatusView o where o.customerId = :customerId order by o.placedAt, o.orderId")
    List<String> idsOf(String customerId, Limit limit);
}
