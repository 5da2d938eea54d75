package io.farandole.bench.peers.modulith.payment;

import org.springframework.modulith.events.Externalized;

/** The money is here. */
@Externalized("payment.events::PaymentCaptured")
public record PaymentCaptured(String orderId, long amountMinor, String currency) {}
