package io.farandole.shop.order.coordination;

import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The question about orders that are conducted. Thread-safe. */
@Service
@Coordinated
@Transactional(readOnly = true)
public class FindCoordinatedOrders {

    private final CoordinatedOrderViews views;

    FindCoordinatedOrders(CoordinatedOrderViews views) {
        this.views = views;
    }

    /** One order; empty if there is none of that id. */
    public Optional<CoordinatedOrderView> byId(String orderId) {
        return views.findById(orderId);
    }
}
