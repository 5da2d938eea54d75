package io.farandole.shop.order.tracking;

import io.farandole.messaging.Personal;
import io.farandole.shop.kernel.Money;
import io.farandole.shop.order.ordering.Line;
import io.farandole.shop.order.ordering.OrderEvent.OrderPlaced;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.PostLoad;
import jakarta.persistence.PostPersist;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

/** Where one order stands. */
@Entity
@Table(name = "order_status")
public class OrderStatusView implements Persistable<String> {

    @Id
    @Column(name = "order_id")
    private String orderId;

    @Column(name = "customer_id", nullable = false, updatable = false)
    private String customerId;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false, columnDefinition = "text")
    private OrderStatus status;

    private @Nullable String reason;

    @Column(name = "total_minor", nullable = false, updatable = false)
    private long totalMinor;

    @Column(nullable = false, updatable = false)
    private String currency;

    @Convert(converter = LinesAsJson.class)
    @Column(nullable = false, updatable = false)
    private List<Line> lines;

    @Column(name = "placed_at", nullable = false, updatable = false)
    private Instant placedAt;

    @Column(name = "waiting_until")
    private @Nullable Instant waitingUntil;

    @Column(name = "confirmed_at")
    private @Nullable Instant confirmedAt;

    @Column(name = "fulfilled_at")
    private @Nullable Instant fulfilledAt;

    @Column(name = "cancelled_at")
    private @Nullable Instant cancelledAt;

    @Column(name = "returned_at")
    private @Nullable Instant returnedAt;

    @Column(name = "closed_at")
    private @Nullable Instant closedAt;

    @Convert(converter = PersonalAsText.class)
    @Column(name = "deliver_to")
    private @Nullable Personal deliverTo;

    @Transient
    private boolean stored;

    @SuppressWarnings("NullAway") // JPA's
    protected OrderStatusView() {}

    OrderStatusView(OrderPlaced event, Instant at) {
        orderId = event.orderId();
        customerId = event.customerId();
        status = OrderStatus.PENDING;
        totalMinor = event.total().minor();
        currency = event.total().currency();
        lines = event.lines();
        placedAt = at;
    }

    void deliverTo(Personal where) {
        deliverTo = where;
    }

    void waiting(@Nullable Instant until) {
        waitingUntil = until;
    }

    void confirmed(Instant at) {
        status = OrderStatus.CONFIRMED;
        waitingUntil = null;
        confirmedAt = at;
    }

    void fulfilled(Instant at) {
        fulfilledAt = at;
        closedAt = at;
    }

    void cancelled(String why, Instant at) {
        status = OrderStatus.CANCELLED;
        waitingUntil = null;
        reason = why;
        cancelledAt = at;
    }

    /** What was closed by its sale is open again until goods and money are back. */
    void returned(String why, Instant at) {
        status = OrderStatus.RETURNED;
        reason = why;
        returnedAt = at;
        closedAt = null;
    }

    void closed(Instant at) {
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
    public OrderStatus status() {
        return status;
    }

    /** Why it was cancelled or returned; null otherwise. */
    public @Nullable String reason() {
        return reason;
    }

    /** The sum of its lines. */
    public Money total() {
        return new Money(totalMinor, currency);
    }

    /** What was ordered. */
    public List<Line> lines() {
        return List.copyOf(lines);
    }

    /** Where it is to be delivered, sealed; null if the order does not say. */
    public @Nullable Personal deliverTo() {
        return deliverTo;
    }

    /** When it was taken. */
    public Instant placedAt() {
        return placedAt;
    }

    /** Until when it waits for goods that others hold; null if it does not. */
    public @Nullable Instant waitingUntil() {
        return waitingUntil;
    }

    /** When it became a sale; null if it did not. */
    public @Nullable Instant confirmedAt() {
        return confirmedAt;
    }

    /** When its payment was taken; null if it was not. */
    public @Nullable Instant fulfilledAt() {
        return fulfilledAt;
    }

    /** When it was cancelled; null if it was not. */
    public @Nullable Instant cancelledAt() {
        return cancelledAt;
    }

    /** When its return began; null if there is none. */
    public @Nullable Instant returnedAt() {
        return returnedAt;
    }

    /** Since when nothing is left to do: captured, settled, or back; null before. */
    public @Nullable Instant closedAt() {
        return closedAt;
    }
}
