package io.farandole.shop.stock.inventory;

/** What happened to a product's stock: private to the context. Quantities are 1 or more. */
public sealed interface StockEvent {

    /** The product that it happened to. */
    String productId();

    /** How many pieces moved. */
    long quantity();

    /** Goods came in. */
    record GoodsReceived(String productId, long quantity) implements StockEvent {}

    /** From available to reserved. */
    record PiecesReserved(String productId, String orderId, long quantity) implements StockEvent {}

    /** From reserved back to available. */
    record PiecesReleased(String productId, String orderId, long quantity) implements StockEvent {}

    /** From reserved to sold. */
    record PiecesSold(String productId, String orderId, long quantity) implements StockEvent {}

    /** From sold back to available. */
    record PiecesTakenBack(String productId, String orderId, long quantity) implements StockEvent {}
}
