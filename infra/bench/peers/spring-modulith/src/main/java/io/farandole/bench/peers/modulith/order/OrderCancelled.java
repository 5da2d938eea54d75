package io.farandole.bench.peers.modulith.order;

import org.springframework.modulith.events.Externalized;

/** An order can't be fulfilled. */
@Externalized("order.events::OrderCancelled")
public record OrderCancelled(String orderId, String reason) {}
