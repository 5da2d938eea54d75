package io.farandole.shop.payment.web;

import java.util.Collection;
import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;

/** The stored views. */
interface PaymentViews extends JpaRepository<PaymentView, String> {

    List<PaymentView> findAllByOrderIdIn(Collection<String> orderIds);
}
