package io.farandole.shop.payment.payroll.web;

import io.farandole.shop.kernel.Money;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.PostLoad;
import jakarta.persistence.PostPersist;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import jakarta.persistence.Version;
import org.springframework.data.domain.Persistable;

/** One company account as it is shown. Amounts are minor units. */
@Entity
@Table(name = "company_account")
class CompanyAccountView implements Persistable<String> {

    @Id
    @Column(name = "account_id")
    private String accountId;

    @Column(name = "currency", nullable = false)
    private String currency;

    @Column(name = "balance", nullable = false)
    private long balance;

    @Column(name = "deposited", nullable = false)
    private long deposited;

    @Column(name = "debited", nullable = false)
    private long debited;

    @Column(name = "credited", nullable = false)
    private long credited;

    @Version
    @Column(name = "version", nullable = false)
    private long version;

    @Transient
    private boolean stored;

    @SuppressWarnings("NullAway.Init") // JPA sets the fields
    protected CompanyAccountView() {}

    CompanyAccountView(String accountId, String currency) {
        this.accountId = accountId;
        this.currency = currency;
    }

    @Override
    public String getId() {
        return accountId;
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

    void deposited(Money amount) {
        deposited += amount.minor();
        balance += amount.minor();
    }

    void debited(Money amount) {
        debited += amount.minor();
        balance -= amount.minor();
    }

    void credited(Money amount) {
        credited += amount.minor();
        balance += amount.minor();
    }

    Shown shown() {
        return new Shown(
                accountId,
                currency,
                Amounts.shown(balance, currency),
                Amounts.shown(deposited, currency),
                Amounts.shown(debited, currency),
                Amounts.shown(credited, currency));
    }

    /**
     * An account: {@code balance = deposited - debited + credited}.
     *
     * @param debited by payrolls
     * @param credited by payrolls, with what they did not pay
     */
    record Shown(
            String accountId, String currency, String balance, String deposited, String debited, String credited) {}
}
