package io.farandole.bench.peers.modulith.order;

import org.springframework.modulith.events.Externalized;

/** An order is paid and stands. */
@Externalized("order.events::OrderConfirmed")
public record OrderConfirmed(String orderId) {}
