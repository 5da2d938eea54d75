package io.farandole.bench.peers.modulith.stock;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** What is held for an order, until it is sold or released. */
@Entity
class Reservation {

    @Id
    private String orderId = "";

    private String productId = "";
    private int quantity;
    private String status = "held";

    protected Reservation() {}

    Reservation(String orderId, String productId, int quantity) {
        this.orderId = orderId;
        this.productId = productId;
        this.quantity = quantity;
    }

    boolean end(String end) {
        if (!status.equals("held")) {
            return false;
        }
        status = end;
        return true;
    }

    String productId() {
        return productId;
    }

    int quantity() {
        return quantity;
    }
}
