package io.farandole.shop.payment.transfer;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.transfer.bank.BankAccount;
import io.farandole.shop.payment.transfer.bank.TransferOrder;
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

/** One transfer as {@code GET /transfers/{transferId}} shows it. The amount is in minor units. */
@Entity
@Table(name = "transfer_view")
class TransferView implements Persistable<String> {

    @Id
    @Column(name = "transfer_id")
    private String transferId;

    @Enumerated(EnumType.STRING)
    @Column(name = "mode", nullable = false)
    private TransferMode mode;

    @Enumerated(EnumType.STRING)
    @Column(name = "status", nullable = false)
    private TransferStatus status = TransferStatus.PENDING;

    @Column(name = "from_bank", nullable = false)
    private String fromBank;

    @Column(name = "from_account", nullable = false)
    private String fromAccount;

    @Column(name = "to_bank", nullable = false)
    private String toBank;

    @Column(name = "to_account", nullable = false)
    private String toAccount;

    @Column(name = "amount", nullable = false)
    private long amount;

    @Column(name = "currency", nullable = false)
    private String currency;

    @Column(name = "reason")
    private @Nullable String reason;

    @Version
    @Column(name = "version", nullable = false)
    private long version;

    @Transient
    private boolean stored;

    @SuppressWarnings("NullAway.Init") // JPA sets the fields
    protected TransferView() {}

    TransferView(TransferOrder order, TransferMode mode) {
        this.transferId = order.transferId();
        this.mode = mode;
        this.fromBank = order.from().bank();
        this.fromAccount = order.from().account();
        this.toBank = order.to().bank();
        this.toAccount = order.to().account();
        this.amount = order.amount().minor();
        this.currency = order.amount().currency();
    }

    @Override
    public String getId() {
        return transferId;
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

    void is(TransferStatus now, @Nullable String why) {
        status = now;
        reason = why;
    }

    TransferMode mode() {
        return mode;
    }

    TransferStatus status() {
        return status;
    }

    BankAccount from() {
        return new BankAccount(fromBank, fromAccount);
    }

    BankAccount to() {
        return new BankAccount(toBank, toAccount);
    }

    Money amount() {
        return new Money(amount, currency);
    }

    @Nullable String reason() {
        return reason;
    }
}
