package io.farandole.bench.peers.axon;

import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** What is asked for, in all three contexts. */
final class Commands {

    private Commands() {}

    record PlaceOrder(
            @TargetAggregateIdentifier String orderId,
            String customerId,
            String productId,
            int quantity,
            long amountMinor,
            String currency,
            String paymentToken) {}

    record ConfirmOrder(@TargetAggregateIdentifier String orderId) {}

    record CancelOrder(@TargetAggregateIdentifier String orderId, String reason) {}

    record ReserveStock(@TargetAggregateIdentifier String productId, String orderId, int quantity) {}

    record SellStock(@TargetAggregateIdentifier String productId, String orderId) {}

    record ReleaseStock(@TargetAggregateIdentifier String productId, String orderId) {}

    record CollectPayment(
            @TargetAggregateIdentifier String orderId, long amountMinor, String currency, String paymentToken) {}
}
