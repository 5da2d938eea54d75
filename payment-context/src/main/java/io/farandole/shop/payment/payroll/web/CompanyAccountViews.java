package io.farandole.shop.payment.payroll.web;

import java.util.Collection;
import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;

/** The stored accounts. */
interface CompanyAccountViews extends JpaRepository<CompanyAccountView, String> {

    List<CompanyAccountView> findAllByAccountIdIn(Collection<String> accountIds);
}
