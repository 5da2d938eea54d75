package io.farandole.bench.peers.modulith.stock;

import org.springframework.modulith.events.Externalized;

/** There are too few pieces for an order. */
@Externalized("stock.events::StockReservationRejected")
public record StockReservationRejected(String orderId, String productId, String reason) {}
