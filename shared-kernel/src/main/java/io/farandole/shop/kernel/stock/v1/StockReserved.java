package io.farandole.shop.kernel.stock.v1;

/** Every line of an order is reserved. */
public record StockReserved(String orderId) {}
