package io.farandole.shop.order.coordination;

import java.util.Collection;
import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;

/** The stored views. */
interface CoordinatedOrderViews extends JpaRepository<CoordinatedOrderView, String> {

    List<CoordinatedOrderView> findAllByOrderIdIn(Collection<String> orderIds);
}
