package io.farandole.bench.peers.modulith.order;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** An order: placed, then confirmed or cancelled. */
@Entity
class PurchaseOrder {

    @Id
    private String id = "";

    private String customerId = "";
    private String productId = "";
    private int quantity;
    private long amountMinor;
    private String status = "placed";

    protected PurchaseOrder() {}

    PurchaseOrder(String id, String customerId, String productId, int quantity, long amountMinor) {
        this.id = id;
        this.customerId = customerId;
        this.productId = productId;
        this.quantity = quantity;
        this.amountMinor = amountMinor;
    }

    /** Whether this has decided it. */
    boolean decide(String end) {
        if (!status.equals("placed")) {
            return false;
        }
        status = end;
        return true;
    }
}
