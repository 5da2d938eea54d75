package io.farandole.shop.stock.inventory;

/**
 * What happened to those who wait for a product: private to the context. No piece moves by it. An order that wants several products waits
 * for each of them.
 */
public sealed interface QueueEvent {

    /** The product that is waited for. */
    String productId();

    /** An order began to wait. */
    record QueueJoined(String productId, String orderId) implements QueueEvent {}

    /** An order waits no more. */
    record QueueLeft(String productId, String orderId) implements QueueEvent {}

    /**
     * There are other pieces than before, so those who wait are to be gone through. Until {@link TurnEnded} nobody else gets what there is.
     */
    record TurnCalled(String productId) implements QueueEvent {}

    /** Of those who still wait, nobody can be served with what there is. */
    record TurnEnded(String productId) implements QueueEvent {}
}
