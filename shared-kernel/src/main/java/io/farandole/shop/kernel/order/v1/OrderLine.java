package io.farandole.shop.kernel.order.v1;

import io.farandole.shop.kernel.Money;

/**
 * One line of an order.
 *
 * @param quantity 1 or more
 */
public record OrderLine(String productId, long quantity, Money unitPrice) {}
