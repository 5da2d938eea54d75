package io.farandole.shop.stock.dispatch;

import java.util.Optional;
import org.springframework.data.repository.Repository;

/** The rows of {@code app.dispatch}. */
interface DispatchViews extends Repository<DispatchView, String> {

    DispatchView save(DispatchView view);

    Optional<DispatchView> findById(String orderId);
}
