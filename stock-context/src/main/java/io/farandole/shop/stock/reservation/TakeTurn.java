package io.farandole.shop.stock.reservation;

/** Go through those who wait for a product. Changes nothing if their turn has not been called, or is over. */
record TakeTurn(String productId) {}
