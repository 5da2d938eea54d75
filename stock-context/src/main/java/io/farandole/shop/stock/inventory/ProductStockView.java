package io.farandole.shop.stock.inventory;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.PostLoad;
import jakarta.persistence.PostPersist;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import org.springframework.data.domain.Persistable;

/** How much there is of one product, to be read. */
@Entity
@Table(name = "product_stock")
public class ProductStockView implements Persistable<String> {

    @Id
    @Column(name = "product_id")
    private String productId;

    private long available;
    private long reserved;
    private long sold;

    @Transient
    private boolean stored;

    @SuppressWarnings("NullAway") // JPA's
    protected ProductStockView() {}

    ProductStockView(String productId) {
        this.productId = productId;
    }

    void on(StockEvent event) {
        StockLevel level = level().after(event);
        available = level.available();
        reserved = level.reserved();
        sold = level.sold();
    }

    /** The product's id. */
    @Override
    public String getId() {
        return productId;
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

    /** How much there is. */
    public StockLevel level() {
        return new StockLevel(available, reserved, sold);
    }
}
