package io.farandole.bench.peers.modulith.stock;

import org.springframework.modulith.events.Externalized;

/** Pieces are held for an order. */
@Externalized("stock.events::StockReserved")
public record StockReserved(String orderId, String productId, int quantity) {}
