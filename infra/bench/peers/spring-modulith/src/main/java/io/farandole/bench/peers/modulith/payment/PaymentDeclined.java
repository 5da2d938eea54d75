package io.farandole.bench.peers.modulith.payment;

import org.springframework.modulith.events.Externalized;

/** The provider has declined the charge. */
@Externalized("payment.events::PaymentDeclined")
public record PaymentDeclined(String orderId, String reason) {}
