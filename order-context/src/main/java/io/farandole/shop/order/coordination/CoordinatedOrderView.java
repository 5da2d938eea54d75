package io.farandole.shop.order.coordination;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.order.coordination.CoordinationEvent.CoordinationBegun;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.PostLoad;
import jakarta.persistence.PostPersist;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

/** Where one order stands that is conducted. */
@Entity
@Table(name = "coordinated_order")
public class CoordinatedOrderView implements Persistable<String> {

    @Id
    @Column(name = "order_id")
    private String orderId;

    @Column(name = "customer_id", nullable = false, updatable = false)
    private String customerId;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false, columnDefinition = "text")
    private CoordinatedStatus status;

    private @Nullable String reason;

    @Column(name = "total_minor", nullable = false, updatable = false)
    private long totalMinor;

    @Column(nullable = false, updatable = false)
    private String currency;

    @Column(name = "placed_at", nullable = false, updatable = false)
    private Instant placedAt;

    @Column(name = "closed_at")
    private @Nullable Instant closedAt;

    @Transient
    private boolean stored;

    @SuppressWarnings("NullAway") // JPA's
    protected CoordinatedOrderView() {}

    CoordinatedOrderView(CoordinationBegun event, Instant at) {
        orderId = event.orderId();
        customerId = event.customerId();
        status = CoordinatedStatus.PENDING;
        totalMinor = event.total().minor();
        currency = event.total().currency();
        placedAt = at;
    }

    void confirmed(Instant at) {
        status = CoordinatedStatus.CONFIRMED;
        closedAt = at;
    }

    /** The first reason counts: what follows it are its consequences. */
    void cancelled(String why) {
        if (status == CoordinatedStatus.PENDING) {
            status = CoordinatedStatus.CANCELLED;
            reason = why;
        }
    }

    void settled(Instant at) {
        closedAt = at;
    }

    /** The order's id. */
    @Override
    public String getId() {
        return orderId;
    }

    @Override
    public boolean isNew() {
        return !stored;
    }

    @PostLoad
    @PostPersist
    void isStored() {
        stored = true;
    }

    /** Who ordered. */
    public String customerId() {
        return customerId;
    }

    /** What the customer is told. */
    public CoordinatedStatus status() {
        return status;
    }

    /** Why it was cancelled; null otherwise. */
    public @Nullable String reason() {
        return reason;
    }

    /** The sum of its lines. */
    public Money total() {
        return new Money(totalMinor, currency);
    }

    /** When it was taken. */
    public Instant placedAt() {
        return placedAt;
    }

    /** Since when nothing is left to do: sold, or undone; null before. */
    public @Nullable Instant closedAt() {
        return closedAt;
    }
}
