package io.farandole.shop.kernel.stock.v1;

/** What was reserved or sold for an order is available again. */
public record StockReleased(String orderId) {}
