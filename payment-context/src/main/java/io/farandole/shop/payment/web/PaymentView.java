package io.farandole.shop.payment.web;

import io.farandole.shop.kernel.Money;
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
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

/** One payment as {@code GET /payments/{orderId}} shows it. Amounts are minor units. */
@Entity
@Table(name = "payment_view")
class PaymentView implements Persistable<String> {

    @Id
    @Column(name = "order_id")
    private String orderId;

    @Enumerated(EnumType.STRING)
    @Column(name = "status", nullable = false)
    private PaymentStatus status;

    @Column(name = "currency")
    private @Nullable String currency;

    @Column(name = "authorized", nullable = false)
    private long authorized;

    @Column(name = "captured", nullable = false)
    private long captured;

    @Column(name = "refunded", nullable = false)
    private long refunded;

    @Column(name = "problem")
    private @Nullable String problem;

    @Version
    @Column(name = "version", nullable = false)
    private long version;

    @Transient
    private boolean stored;

    @SuppressWarnings("NullAway.Init") // JPA sets the fields
    protected PaymentView() {}

    PaymentView(String orderId, PaymentStatus status, @Nullable String currency) {
        this.orderId = orderId;
        this.status = status;
        this.currency = currency;
    }

    @Override
    public String getId() {
        return orderId;
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

    void authorized(Money amount) {
        status = PaymentStatus.AUTHORIZED;
        authorized = amount.minor();
    }

    void captured(Money amount) {
        status = PaymentStatus.CAPTURED;
        captured = amount.minor();
    }

    void voided() {
        status = PaymentStatus.VOIDED;
    }

    void refunded(Money amount) {
        status = PaymentStatus.REFUNDED;
        refunded += amount.minor();
    }

    void failedToSettle(String what) {
        problem = what;
    }

    String orderId() {
        return orderId;
    }

    PaymentStatus status() {
        return status;
    }

    @Nullable Money authorized() {
        return money(authorized);
    }

    @Nullable Money captured() {
        return money(captured);
    }

    @Nullable Money refunded() {
        return money(refunded);
    }

    @Nullable String problem() {
        return problem;
    }

    private @Nullable Money money(long minor) {
        return currency == null ? null : new Money(minor, currency);
    }
}
