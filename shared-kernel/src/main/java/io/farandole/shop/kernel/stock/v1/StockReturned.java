package io.farandole.shop.kernel.stock.v1;

/** What was sold is back in stock. */
public record StockReturned(String returnId, String orderId) {}
