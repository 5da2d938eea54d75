package io.farandole.shop.stock.dispatch;

import io.farandole.messaging.Personal;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.PostLoad;
import jakarta.persistence.PostPersist;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import org.springframework.data.domain.Persistable;

/** Where one order's goods are sent, sealed. */
@Entity
@Table(name = "dispatch")
public class DispatchView implements Persistable<String> {

    @Id
    @Column(name = "order_id")
    private String orderId;

    @Column(name = "deliver_to", nullable = false, updatable = false)
    private String deliverTo;

    @Transient
    private boolean stored;

    @SuppressWarnings("NullAway") // JPA's
    protected DispatchView() {}

    DispatchView(String orderId, Personal deliverTo) {
        this.orderId = orderId;
        this.deliverTo = deliverTo.text();
    }

    /** The order's id. */
    @Override
    public String getId() {
        return orderId;
    }

    /** Name and address, as order has sealed them. */
    public Personal deliverTo() {
        return Personal.parse(deliverTo);
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
}
