package io.farandole.bench.peers.axon;

/** What happens, in all three contexts. */
final class Events {

    private Events() {}

    /** Belongs to an order; only these travel. */
    interface OfOrder {

        String orderId();
    }

    record OrderPlaced(
            String orderId,
            String customerId,
            String productId,
            int quantity,
            long amountMinor,
            String currency,
            String paymentToken)
            implements OfOrder {}

    record OrderConfirmed(String orderId) implements OfOrder {}

    record OrderCancelled(String orderId, String reason) implements OfOrder {}

    record StockReceived(String productId, long quantity) {}

    record StockReserved(String productId, String orderId, int quantity) implements OfOrder {}

    record StockReservationRejected(String productId, String orderId, String reason) implements OfOrder {}

    record StockSold(String productId, String orderId, int quantity) implements OfOrder {}

    record StockReleased(String productId, String orderId, int quantity) implements OfOrder {}

    record PaymentAuthorized(String orderId, long amountMinor, String currency) implements OfOrder {}

    record PaymentCaptured(String orderId, long amountMinor, String currency) implements OfOrder {}

    record PaymentDeclined(String orderId, String reason) implements OfOrder {}
}
