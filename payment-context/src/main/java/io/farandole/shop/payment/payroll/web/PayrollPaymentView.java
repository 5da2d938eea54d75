package io.farandole.shop.payment.payroll.web;

import io.farandole.shop.payment.payroll.PayrollPayment;
import io.farandole.shop.payment.payroll.SalaryPhase;
import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.PostLoad;
import jakarta.persistence.PostPersist;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import jakarta.persistence.Version;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

/** One payment of a payroll as it is shown. Amounts are minor units. */
@Entity
@Table(name = "payroll_payment")
class PayrollPaymentView implements Persistable<PaymentKey> {

    @EmbeddedId
    private PaymentKey key;

    @Column(name = "branch", nullable = false)
    private String branch;

    @Column(name = "employee", nullable = false)
    private String employee;

    @Column(name = "bank", nullable = false)
    private String bank;

    @Column(name = "account", nullable = false)
    private String account;

    @Column(name = "currency", nullable = false)
    private String currency;

    @Column(name = "amount", nullable = false)
    private long amount;

    @Enumerated(EnumType.STRING)
    @Column(name = "status", nullable = false)
    private SalaryPhase status;

    @Column(name = "reason")
    private @Nullable String reason;

    @Column(name = "lacking")
    private @Nullable Long lacking;

    @Column(name = "decided_by")
    private @Nullable String decidedBy;

    @Version
    @Column(name = "version", nullable = false)
    private long version;

    @Transient
    private boolean stored;

    @SuppressWarnings("NullAway.Init") // JPA sets the fields
    protected PayrollPaymentView() {}

    PayrollPaymentView(PaymentKey key, PayrollPayment payment) {
        this.key = key;
        this.branch = payment.branch();
        this.employee = payment.employee();
        this.bank = payment.bank();
        this.account = payment.account();
        this.currency = payment.amount().currency();
        this.amount = payment.amount().minor();
        this.status = SalaryPhase.LISTED;
    }

    @Override
    public PaymentKey getId() {
        return key;
    }

    /** Saves the select that would otherwise precede the insert. */
    @Override
    public boolean isNew() {
        return !stored;
    }

    @PostLoad
    @PostPersist
    void isStored() {
        stored = true;
    }

    void became(SalaryPhase phase) {
        became(phase, null, null);
    }

    void became(SalaryPhase phase, @Nullable String why, @Nullable Long missing) {
        status = phase;
        reason = why;
        lacking = missing;
    }

    void decided(String by) {
        decidedBy = by;
    }

    Shown shown() {
        return new Shown(
                key.position(),
                branch,
                employee,
                bank,
                account,
                Amounts.shown(amount, currency),
                status,
                reason,
                lacking == null ? null : Amounts.shown(lacking, currency),
                decidedBy);
    }

    /**
     * A payment.
     *
     * @param position where it stands in the payroll; the first is 0
     * @param reason why it is refused, unresolved, stuck or given up; null if it is not
     * @param lacking what is missing on the employee's account for it to be taken back; null if its bank does not say
     * @param decidedBy the person who has decided about it last; null if nobody has
     */
    record Shown(
            int position,
            String branch,
            String employee,
            String bank,
            String account,
            String amount,
            SalaryPhase status,
            @Nullable String reason,
            @Nullable String lacking,
            @Nullable String decidedBy) {}
}
