package io.farandole.bench.peers.modulith.order;

import org.springframework.modulith.events.Externalized;

/** An order was placed. */
@Externalized("order.events::OrderPlaced")
public record OrderPlaced(String orderId, String customerId, String productId, int quantity, long amountMinor, String currency, String paymentToken) {}
