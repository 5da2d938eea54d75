package io.farandole.shop.payment.payroll.web;

import io.farandole.shop.payment.payroll.SalaryPhase;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** The stored payments. */
interface PayrollPaymentViews extends JpaRepository<PayrollPaymentView, PaymentKey> {

    List<PayrollPaymentView> findAllByKeyIn(Collection<PaymentKey> keys);

    Optional<PayrollPaymentView> findByKeyPayrollAndBranch(String payroll, String branch);

    List<PayrollPaymentView> findByKeyPayrollAndKeyPositionGreaterThanOrderByKeyPosition(
            String payroll, int after, Limit limit);

    List<PayrollPaymentView> findByKeyPayrollAndStatusAndKeyPositionGreaterThanOrderByKeyPosition(
            String payroll, SalaryPhase status, int after, Limit limit);

    /** How many of a payroll's payments stand where, and what they come to. */
    @Query("select p.status as status, count(p) as payments, sum(p.amount) as amount"
            + " from PayrollPaymentView p where p.key.payroll = :payroll group by p.status")
    List<Sum> sums(String payroll);

    /** The payments that stand in one place. */
    interface Sum {

        SalaryPhase getStatus();

        long getPayments();

        long getAmount();
    }
}
