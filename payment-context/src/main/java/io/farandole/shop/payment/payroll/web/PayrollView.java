package io.farandole.shop.payment.payroll.web;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.payroll.PayrollOutcome;
import io.farandole.shop.payment.payroll.PayrollPolicy;
import io.farandole.shop.payment.payroll.PayrollTerms;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.PostLoad;
import jakarta.persistence.PostPersist;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import jakarta.persistence.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

/** One payroll as it is shown, without its payments. Amounts are minor units. */
@Entity
@Table(name = "payroll")
class PayrollView implements Persistable<String> {

    @Id
    @Column(name = "global_id")
    private String globalId;

    @Column(name = "company_account", nullable = false)
    private String companyAccount;

    @Column(name = "currency", nullable = false)
    private String currency;

    @Column(name = "total", nullable = false)
    private long total;

    @Column(name = "payments", nullable = false)
    private int payments;

    @Enumerated(EnumType.STRING)
    @Column(name = "policy", nullable = false)
    private PayrollPolicy policy;

    @Column(name = "expires_at", nullable = false)
    private Instant expiresAt;

    @Column(name = "callback_url")
    private @Nullable String callbackUrl;

    @Enumerated(EnumType.STRING)
    @Column(name = "status", nullable = false)
    private PayrollStatus status;

    @Column(name = "reason")
    private @Nullable String reason;

    @Column(name = "returned", nullable = false)
    private long returned;

    @Column(name = "notice")
    private @Nullable String notice;

    @Version
    @Column(name = "version", nullable = false)
    private long version;

    @Transient
    private boolean stored;

    @SuppressWarnings("NullAway.Init") // JPA sets the fields
    protected PayrollView() {}

    PayrollView(String globalId, PayrollTerms terms) {
        this.globalId = globalId;
        this.companyAccount = terms.companyAccount();
        this.currency = terms.total().currency();
        this.total = terms.total().minor();
        this.payments = terms.count();
        this.policy = terms.policy();
        this.expiresAt = terms.expiresAt();
        this.callbackUrl = terms.callbackUrl();
        this.notice = terms.callbackUrl() == null ? null : "to be sent";
        this.status = PayrollStatus.RUNNING;
    }

    @Override
    public String getId() {
        return globalId;
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

    void stopped(String why) {
        status = PayrollStatus.STOPPING;
        reason = why;
    }

    void settled(PayrollOutcome outcome) {
        status = PayrollStatus.valueOf(outcome.name());
    }

    void credited(Money amount) {
        returned += amount.minor();
    }

    void notice(String became) {
        notice = became;
    }

    String companyAccount() {
        return companyAccount;
    }

    String currency() {
        return currency;
    }

    long total() {
        return total;
    }

    int payments() {
        return payments;
    }

    PayrollPolicy policy() {
        return policy;
    }

    Instant expiresAt() {
        return expiresAt;
    }

    PayrollStatus status() {
        return status;
    }

    @Nullable String reason() {
        return reason;
    }

    long returned() {
        return returned;
    }

    @Nullable String notice() {
        return notice;
    }
}
