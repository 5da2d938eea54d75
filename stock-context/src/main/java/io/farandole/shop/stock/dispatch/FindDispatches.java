package io.farandole.shop.stock.dispatch;

import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The questions about dispatches. Thread-safe. */
@Service
public class FindDispatches {

    private final DispatchViews views;

    FindDispatches(DispatchViews views) {
        this.views = views;
    }

    /** Where an order's goods are sent; empty if nothing is known of it. */
    @Transactional(readOnly = true)
    public Optional<DispatchView> byOrder(String orderId) {
        return views.findById(orderId);
    }
}
