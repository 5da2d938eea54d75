package io.farandole.shop.payment.payroll.web;

import java.util.Collection;
import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;

/** The stored payrolls. */
interface PayrollViews extends JpaRepository<PayrollView, String> {

    List<PayrollView> findAllByGlobalIdIn(Collection<String> globalIds);
}
