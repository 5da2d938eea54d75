package io.farandole.shop.order.tracking;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The questions about orders. Each runs in a short read-only transaction; thread-safe. */
@Service
@Transactional(readOnly = true)
public class FindOrders {

    /** The largest page. */
    public static final int MAX_PAGE = 200;

    private final OrderStatusViews views;

    FindOrders(OrderStatusViews views) {
        this.views = views;
    }

    /** One order; empty if there is none of that id. */
    public Optional<OrderStatusView> byId(String orderId) {
        return views.findById(orderId);
    }

    /**
     * A page of orders, newest first.
     *
     * @param status only those; null for all
     * @param limit 1 to {@link #MAX_PAGE}
     * @param after the last order of the page before; null for the first page
     * @return empty if {@code after} is not an order
     */
    public Optional<List<OrderStatusView>> page(@Nullable OrderStatus status, int limit, @Nullable String after) {
        if (after == null) {
            return Optional.of(views.newest(status, Limit.of(limit)));
        }
        return views.findById(after)
                .map(last -> views.olderThan(status, last.placedAt(), last.getId(), Limit.of(limit)));
    }
}
