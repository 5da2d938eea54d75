package io.farandole.shop.kernel.stock.v1;

/** Nothing is reserved for an order, for a product could not be. */
public record StockReservationRejected(String orderId, String productId, String reason) {}
