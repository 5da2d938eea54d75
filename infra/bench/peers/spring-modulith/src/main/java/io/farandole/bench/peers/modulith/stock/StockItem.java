package io.farandole.bench.peers.modulith.stock;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** The pieces of one product. */
@Entity
class StockItem {

    @Id
    private String productId = "";

    private long received;
    private long available;
    private long reserved;
    private long sold;

    protected StockItem() {}

    boolean reserve(int quantity) {
        if (available < quantity) {
            return false;
        }
        available -= quantity;
        reserved += quantity;
        return true;
    }

    void sell(int quantity) {
        reserved -= quantity;
        sold += quantity;
    }

    void release(int quantity) {
        reserved -= quantity;
        available += quantity;
    }
}
